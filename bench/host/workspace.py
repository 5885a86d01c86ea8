"""`credit` and `scoring` beside bank and partner, as a workspace of ready binaries: the host finds nothing to build."""
import json
import os
import shutil
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "host"))
from platform_run import ROOT  # noqa: E402

APPS = ("credit", "scoring")
SIMULATORS = ("bank", "partner")
SECTION = "AzureFunctionsJobHost__extensions__queues__"


def lay_out(folder, binaries, queues):
    """A workspace in `folder`. `binaries` is where they are, `queues` what differs from the apps' settings of queues."""
    functions, local = os.path.join(folder, "functions"), os.path.join(folder, "local")
    os.makedirs(functions)
    os.makedirs(os.path.join(local, "simulators"))
    long_ago(os.path.join(folder, "Cargo.toml"))
    for file in ("host.json", "local.settings.sample.json"):
        shutil.copy(os.path.join(ROOT, file), folder)
    for file in ("callers.json", "persons.json"):
        shutil.copy(os.path.join(ROOT, "local", file), local)
    shutil.copy(os.path.join(ROOT, "functions", "every-app.json"), functions)
    os.symlink(os.path.join(ROOT, "crates"), os.path.join(folder, "crates"))
    for app in APPS:
        shutil.copytree(os.path.join(ROOT, "functions", app), os.path.join(functions, app), ignore=shutil.ignore_patterns("tests"))
        change_queues(os.path.join(functions, app, "app.json"), queues.get(app, {}))
        long_ago(os.path.join(functions, app, "Cargo.toml"))
    for simulator in SIMULATORS:
        home = os.path.join(local, "simulators", simulator)
        os.mkdir(home)
        shutil.copy(os.path.join(ROOT, "local", "simulators", simulator, "simulator.json"), home)
    link_binaries(folder, binaries)


def change_queues(file, changes):
    with open(file) as text:
        app = json.load(text)
    app["host"] |= {f"{SECTION}{name}": str(value) for name, value in changes.items()}
    with open(file, "w") as text:
        json.dump(app, text)


def long_ago(manifest):
    """Older than any binary."""
    open(manifest, "a").close()
    os.utime(manifest, (0, 0))


def link_binaries(folder, binaries):
    """With lists of sources that are empty: what the host would build is up to date."""
    target = os.path.join(folder, "target", "release")
    os.makedirs(target)
    # A host that was built for debugging looks there.
    os.symlink(target, os.path.join(folder, "target", "debug"))
    for name in APPS + SIMULATORS:
        os.symlink(os.path.join(binaries, name), os.path.join(target, name))
        with open(os.path.join(target, f"{name}.d"), "w") as sources:
            sources.write(f"{name}:\n")
