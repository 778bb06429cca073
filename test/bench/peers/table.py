"""The table that every tuner reads, as it would in a script, and the one it prints."""

import json

import numpy as np
import pandas as pd


def read_table(path):
    """(features, targets) of the training and of the validation rows, scaled by the former."""
    table = pd.read_csv(path, engine="pyarrow")  # The fastest of pandas's readers.
    is_train = (table["split"] == "train").to_numpy()
    names = [name for name in table.columns if name.startswith("n")]
    features = table[names].to_numpy(np.float32)
    features = (features - features[is_train].mean(axis=0)) / features[is_train].std(axis=0)
    targets = {name: table[[name]].to_numpy(np.float32) for name in ("clicked", "spent")}

    def rows(chosen):
        return features[chosen], {name: target[chosen] for name, target in targets.items()}

    return rows(is_train), rows(~is_train)


def print_table(trials, **figures):
    """The trials from best to worst, then one line of JSON for the benchmark."""
    ranked = sorted(trials, key=lambda trial: -trial["auc"])
    for trial in ranked:
        print("  ".join(f"{name} {value:<8.5g}" for name, value in trial.items()))
    best_mae = min(trial["mae"] for trial in trials)
    figures = {"trials": len(trials), "auc": ranked[0]["auc"], "mae": best_mae, **figures}
    print(json.dumps(figures), flush=True)
