#!/usr/bin/env python3
"""The settings without which a package's handler does not start, one a line: `needed_settings.py ZIP` asks it itself."""
import json
import pathlib
import subprocess
import sys
import tempfile
import zipfile

DEADLINE_S = 30

with zipfile.ZipFile(sys.argv[1]) as package, tempfile.TemporaryDirectory() as folder:
    name = json.loads(package.read("host.json"))["customHandler"]["description"]["defaultExecutablePath"]
    handler = pathlib.Path(package.extract(name, folder))
    handler.chmod(0o700)
    said = subprocess.run([handler, "--describe"], check=True, capture_output=True, text=True, timeout=DEADLINE_S)
for setting in json.loads(said.stdout)["settings"]:
    if setting["required"]:
        print(setting["name"])
