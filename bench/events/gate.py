#!/usr/bin/env python3
"""How long the gate takes for types that have been released often.

Usage: bench/events/gate.py [--xtask FILE] [--types N] [--versions N] [--rounds N]

Build first: cargo build --release --workspace --bin xtask

A folder is made with one app, its types and their versions, each of which says one optional word more, and committed as released
versions are. Exits 1 when the target is missed.
"""
import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "host"))
from found import Found  # noqa: E402
from platform_run import ROOT  # noqa: E402

# A pull request waits for it.
MOST_S = 5.0
TEXT = {"type": "string", "maxLength": 40}


def schema(name, version):
    words = {f"word{number}": TEXT for number in range(version)}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": name, "title": f"com.iommi.bakery.{name}.v1",
            "description": "Something was baked.", "type": "object", "required": ["cakeId", "at"], "additionalProperties": False,
            "properties": {"cakeId": {"type": "string", "format": "uuid"}, "at": {"type": "string", "format": "date-time"}, **words}}


def lay_out(folder, types, versions):
    """One app whose types have so many released versions; the next one of each is the last."""
    app = os.path.join(folder, "functions", "bakery")
    names = [f"baked-{number}" for number in range(types)]
    put(os.path.join(app, "Cargo.toml"), "")
    put(os.path.join(app, "app.json"), {"purpose": "Bakes", "team": "bakers", "owns": {"eventTypes": [f"com.iommi.bakery.{name}.v1" for name in names]}})
    for name in names:
        released = os.path.join(app, "messages", "released", name)
        put(os.path.join(released, "release.json"), {"mode": "full-transitive", "owner": "bakers"})
        for version in range(1, versions + 1):
            put(os.path.join(released, f"{version}.json"), schema(name, version))
        put(os.path.join(app, "messages", f"{name}.schema.json"), schema(name, versions))
    git = ["git", "-C", folder, "-c", "user.name=bench", "-c", "user.email=bench@iommi.example"]
    for command in (["init", "--quiet"], ["add", "."], ["commit", "--quiet", "-m", "Released"]):
        subprocess.run([*git, *command], check=True)


def put(path, content):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as file:
        file.write(content if isinstance(content, str) else json.dumps(content))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--xtask", default=os.path.join(ROOT, "target", "release", "xtask"))
    parser.add_argument("--types", type=int, default=12)
    parser.add_argument("--versions", type=int, default=10)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    folder, found, all_s = tempfile.mkdtemp(), Found(), []
    try:
        lay_out(folder, options.types, options.versions)
        for _ in range(options.rounds):
            began = time.monotonic()
            gate = subprocess.run([options.xtask, "--workspace", folder, "schemas"], capture_output=True, text=True)
            all_s.append(time.monotonic() - began)
            if gate.returncode:
                sys.exit(f"the gate refused: {gate.stdout}{gate.stderr}")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(f"{options.types} types with {options.versions} released versions each; load {os.getloadavg()[0]:.1f}")
    found.figure("the gate, s, median of the rounds", statistics.median(all_s), MOST_S)
    found.figure("the gate, s, worst round", max(all_s))
    sys.exit(1 if found.missed else 0)


if __name__ == "__main__":
    main()
