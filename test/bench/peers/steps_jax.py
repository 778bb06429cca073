"""JAX, written by hand: steps/s of the two-head model, a whole epoch of permuted batches in one jit(lax.scan).

python steps_jax.py BATCH ROWS SECONDS
"""

import json
import sys
import time
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np

batch, rows, seconds = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
features, steps = 64, rows // batch


def dense(key, inputs, units):
    limit = (6 / (inputs + units)) ** 0.5
    kernel = jax.random.uniform(key, (inputs, units), minval=-limit, maxval=limit)
    return {"kernel": kernel, "bias": jnp.zeros(units)}


def apply(layer, x):
    return x @ layer["kernel"] + layer["bias"]


def loss(weights, x, label, value):
    hidden = jax.nn.relu(apply(weights["second"], jax.nn.relu(apply(weights["first"], x))))
    logit, predicted = apply(weights["binary"], hidden), apply(weights["regression"], hidden)
    # Sigmoid and cross-entropy in one, as every library writes it.
    entropy = jnp.maximum(logit, 0) - logit * label + jnp.log1p(jnp.exp(-jnp.abs(logit)))
    return jnp.mean(entropy) + jnp.mean((predicted - value) ** 2)


def adam(weights, gradient, moments, squares, count):
    moments = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, moments, gradient)
    squares = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, squares, gradient)
    rate = 0.001 * jnp.sqrt(1 - 0.999**count) / (1 - 0.9**count)
    weights = jax.tree.map(
        lambda w, m, v: w - rate * m / (jnp.sqrt(v) + 1e-7), weights, moments, squares
    )
    return weights, moments, squares


def rows_of(data, index):
    """The index is a permutation, so JAX need not look for negative numbers and the like."""
    return jax.tree.map(lambda column: column.at[index].get(mode="promise_in_bounds"), data)


# The data are arguments: as constants of the program they would take long to compile.
@partial(jax.jit, static_argnames=("gathers_first", "unroll"), donate_argnums=0)
def epoch(state, order, data, gathers_first, unroll):
    def step(state, item):
        weights, moments, squares, count = state
        chosen = item if gathers_first else rows_of(data, item)
        lost, gradient = jax.value_and_grad(loss)(weights, *chosen)
        count = count + 1
        return (*adam(weights, gradient, moments, squares, count), count), lost

    order = order.reshape(steps, batch)
    return jax.lax.scan(step, state, rows_of(data, order) if gathers_first else order, unroll=unroll)


keys = jax.random.split(jax.random.key(0), 7)
weights = {
    "first": dense(keys[0], features, 128),
    "second": dense(keys[1], 128, 64),
    "binary": dense(keys[2], 64, 1),
    "regression": dense(keys[3], 64, 1),
}
data = (
    jax.random.normal(keys[4], (rows, features)),
    jax.random.bernoulli(keys[5], shape=(rows, 1)).astype(jnp.float32),
    jax.random.normal(keys[6], (rows, 1)),
)
# Drawn by NumPy: ten times as fast as jax.random.permutation on a CPU.
random = np.random.default_rng(0)


def initial_state():
    fresh = jax.tree.map(jnp.copy, weights)
    return fresh, jax.tree.map(jnp.zeros_like, fresh), jax.tree.map(jnp.zeros_like, fresh), jnp.float32(0)


def measure(gathers_first, unroll):
    """(steps/s, mean loss of the first epoch, mean loss of the last)"""

    def run_epoch(state):
        order = random.permutation(rows).astype(np.int32)[: steps * batch]
        state, losses = epoch(state, order, data, gathers_first, unroll)
        return state, float(losses.mean())

    state, first = run_epoch(initial_state())
    begin, done, last = time.perf_counter(), 0, first
    while time.perf_counter() - begin < seconds / 2:
        state, last = run_epoch(state)
        done += steps
    return done / (time.perf_counter() - begin), first, last


# Which form is the faster depends on the batch: the better one counts.
places = {"gathers in the step": False, "gathers before the scan": True}
forms = {
    f"{place}, unrolled by {unroll}": measure(gathers_first, unroll)
    for place, gathers_first in places.items()
    for unroll in (1, 4)
}
form, (rate, first, last) = max(forms.items(), key=lambda each: each[1][0])
rates = {name: round(each[0]) for name, each in forms.items()}
print(
    json.dumps(
        {"stepsPerSecond": rate, "firstLoss": first, "lastLoss": last, "form": form, "forms": rates}
    )
)
