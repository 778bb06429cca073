"""Keras on TensorFlow: steps/s of the two-head model in `fit`, from the second epoch on.

python steps_keras.py BATCH ROWS SECONDS [STEPS_PER_EXECUTION]
"""

import json
import sys
import time

import keras
import numpy as np
from two_heads import two_heads

batch, rows, seconds = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
steps_per_execution = int(sys.argv[4]) if len(sys.argv) > 4 else 1


class Clock(keras.callbacks.Callback):
    """Starts when the first epoch is over, and ends the training after so many seconds."""

    def on_epoch_end(self, epoch, logs=None):
        self.end = time.perf_counter()
        self.epochs = epoch
        if epoch == 0:
            self.begin, self.first = self.end, logs["loss"]
        self.last = logs["loss"]
        self.model.stop_training = epoch > 0 and self.end - self.begin >= seconds


keras.utils.set_random_seed(0)
random = np.random.default_rng(0)
features = random.standard_normal((rows, 64), np.float32)
targets = {
    "clicked": random.integers(0, 2, (rows, 1)).astype(np.float32),
    "spent": random.standard_normal((rows, 1), np.float32),
}
model = two_heads(64, (128, 64), 0.001, metrics=False, steps_per_execution=steps_per_execution)
clock = Clock()
model.fit(features, targets, batch_size=batch, epochs=1000, verbose=0, callbacks=[clock])
rate = clock.epochs * (rows // batch) / (clock.end - clock.begin)
print(json.dumps({"stepsPerSecond": rate, "firstLoss": clock.first, "lastLoss": clock.last}))
