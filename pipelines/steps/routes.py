#!/usr/bin/env python3
"""The routes of an app's functions, from their function.json, one a line: `routes.py APP FUNCTION…`."""
import json
import pathlib
import sys

root = pathlib.Path(__file__).resolve().parent.parent.parent
app, *functions = sys.argv[1:]
for name in functions:
    found = next((root / "functions" / app / "src").glob(f"**/{name}/function.json"), None)
    if found is None:
        sys.exit(f"functions/{app} has no function {name}")
    trigger = next(binding for binding in json.loads(found.read_text())["bindings"] if binding["type"] == "httpTrigger")
    print("/" + trigger["route"])
