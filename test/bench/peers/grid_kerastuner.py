"""KerasTuner: a grid of 12 trials of the two-head model, from the CSV file to the table.

python grid_kerastuner.py CSV EPOCHS BATCH FOLDER [STEPS_PER_EXECUTION]
"""

import sys

import keras
import keras_tuner
from table import print_table, read_table
from two_heads import two_heads

csv, epochs, batch, folder = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
steps_per_execution = int(sys.argv[5]) if len(sys.argv) > 5 else 1

keras.utils.set_random_seed(0)
train, validation = read_table(csv)


def build(hp):
    return two_heads(
        train[0].shape[1],
        (hp.Choice("units", [64, 128]), 64),
        hp.Choice("learning_rate", [0.001, 0.003, 0.01]),
        spent_weight=hp.Choice("spent_weight", [0.3, 1.0]),
        steps_per_execution=steps_per_execution,
    )


tuner = keras_tuner.GridSearch(
    build,
    objective=keras_tuner.Objective("val_clicked_auc", "max"),
    max_trials=12,
    directory=folder,
    project_name="grid",
    overwrite=True,
)
tuner.search(*train, validation_data=validation, epochs=epochs, batch_size=batch, verbose=0)
print_table(
    [
        {
            **trial.hyperparameters.values,
            "auc": trial.metrics.get_best_value("val_clicked_auc"),
            "mae": trial.metrics.get_best_value("val_spent_mae"),
        }
        for trial in tuner.oracle.trials.values()
    ]
)
