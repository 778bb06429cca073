"""Which of the packages named import here, each with its version or what is wrong, as JSON."""

import importlib
import json
import sys

found = {}
for name in sys.argv[1:]:
    try:
        module = importlib.import_module(name)
        found[name] = {"ok": True, "text": module.__version__}
    except Exception as error:  # A broken wheel may raise anything.
        found[name] = {"ok": False, "text": f"{type(error).__name__}: {error}"[:200]}
print(json.dumps(found))
