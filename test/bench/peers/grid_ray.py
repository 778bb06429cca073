"""Ray Tune: a grid of 12 trials of the two-head model, two at once, from the CSV file to the table.

python grid_ray.py CSV EPOCHS BATCH FOLDER [STEPS_PER_EXECUTION]
"""

import os
import sys

os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
import ray
from ray import tune
from table import print_table, read_table

csv, epochs, batch, folder = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
steps_per_execution = int(sys.argv[5]) if len(sys.argv) > 5 else 1
here = os.path.dirname(os.path.abspath(__file__))


def train_trial(config, train, validation):
    import keras
    import tensorflow as tf
    from two_heads import two_heads

    # A trial has one CPU. An actor that is used again has set it already, and may not set it twice.
    if tf.config.threading.get_intra_op_parallelism_threads() != 1:
        tf.config.threading.set_intra_op_parallelism_threads(1)
        tf.config.threading.set_inter_op_parallelism_threads(1)
    keras.backend.clear_session()
    keras.utils.set_random_seed(0)

    class Report(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            tune.report({"auc": logs["val_clicked_auc"], "mae": logs["val_spent_mae"]})

    model = two_heads(
        train[0].shape[1],
        (config["units"], 64),
        config["learning_rate"],
        spent_weight=config["spent_weight"],
        steps_per_execution=steps_per_execution,
    )
    model.fit(
        *train,
        validation_data=validation,
        epochs=epochs,
        batch_size=batch,
        verbose=0,
        callbacks=[Report()],
    )


train, validation = read_table(csv)
ray.init(
    num_cpus=2,
    include_dashboard=False,
    log_to_driver=False,
    logging_level="ERROR",
    runtime_env={"env_vars": {"PYTHONPATH": here}},
)
tuner = tune.Tuner(
    tune.with_parameters(train_trial, train=train, validation=validation),
    param_space={
        "learning_rate": tune.grid_search([0.001, 0.003, 0.01]),
        "spent_weight": tune.grid_search([0.3, 1.0]),
        "units": tune.grid_search([64, 128]),
    },
    # Actors that are used again import TensorFlow once each: 35 s instead of 77 s in all on 2,500 rows.
    tune_config=tune.TuneConfig(
        metric="auc", mode="max", max_concurrent_trials=2, reuse_actors=True
    ),
    run_config=tune.RunConfig(storage_path=folder, name="grid", verbose=0),
)
frame = tuner.fit().get_dataframe(filter_metric="auc", filter_mode="max")
print_table(
    [
        {
            **{name: row[f"config/{name}"] for name in ("learning_rate", "spent_weight", "units")},
            "auc": row["auc"],
            "mae": row["mae"],
        }
        for _, row in frame.iterrows()
    ]
)
