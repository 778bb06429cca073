"""Optuna with Keras: many small trials of the two-head model, from the CSV file to the table.

python trials_optuna.py CSV EPOCHS BATCH TRIALS SPACE [STEPS_PER_EXECUTION]

SPACE is JSON: {"learning_rate": […], "spent_weight": […]}. Of its grid TRIALS points are trained, one after the other in
one process, as `study.optimize` does; TensorFlow uses all cores for each.
"""

import json
import sys
import time

begin = time.perf_counter()
import keras
import optuna
from table import print_table, read_table
from two_heads import two_heads

csv, epochs, batch, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
space = json.loads(sys.argv[5])
steps_per_execution = int(sys.argv[6]) if len(sys.argv) > 6 else 1

optuna.logging.set_verbosity(optuna.logging.WARNING)
train, validation = read_table(csv)


def objective(trial):
    keras.backend.clear_session()  # Else each trial is slower than the one before.
    keras.utils.set_random_seed(0)
    model = two_heads(
        train[0].shape[1],
        (32, 16),
        trial.suggest_categorical("learning_rate", space["learning_rate"]),
        spent_weight=trial.suggest_categorical("spent_weight", space["spent_weight"]),
        steps_per_execution=steps_per_execution,
    )
    history = model.fit(
        *train, validation_data=validation, epochs=epochs, batch_size=batch, verbose=0
    ).history
    trial.set_user_attr("mae", min(history["val_spent_mae"]))
    return max(history["val_clicked_auc"])


study = optuna.create_study(
    direction="maximize", sampler=optuna.samplers.GridSampler(space, seed=0)
)
study.optimize(objective, n_trials=count)
seconds = [trial.duration.total_seconds() for trial in study.trials]
print_table(
    [{**trial.params, "auc": trial.value, **trial.user_attrs} for trial in study.trials],
    # The first trial pays for TensorFlow's start; scaling up must not multiply that.
    secondsPerTrial=sum(seconds[1:]) / max(1, count - 1) if count > 1 else seconds[0],
    seconds=time.perf_counter() - begin,
)
