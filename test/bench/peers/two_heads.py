"""The model of every Keras peer: a dense trunk, and one head for each of two tasks."""

import keras


def two_heads(
    features, units, learning_rate, spent_weight=1.0, metrics=True, steps_per_execution=1
):
    """Compiled. Keras compiles it with XLA where its `jit_compile="auto"` says so: not on a CPU."""
    inputs = keras.Input((features,))
    hidden = inputs
    for width in units:
        hidden = keras.layers.Dense(width, activation="relu")(hidden)
    outputs = {
        "clicked": keras.layers.Dense(1, activation="sigmoid", name="clicked")(hidden),
        "spent": keras.layers.Dense(1, name="spent")(hidden),
    }
    model = keras.Model(inputs, outputs)
    measured = {
        "clicked": [keras.metrics.AUC(name="auc")],
        "spent": [keras.metrics.MeanAbsoluteError(name="mae")],
    }
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate),
        loss={"clicked": "binary_crossentropy", "spent": "mean_squared_error"},
        loss_weights={"clicked": 1.0, "spent": spent_weight},
        metrics=measured if metrics else None,
        steps_per_execution=steps_per_execution,
    )
    return model
