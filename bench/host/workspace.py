"""Apps beside simulators, as a workspace of ready binaries: the host finds nothing to build."""
import json
import os
import shutil

from platform_run import ROOT

SECTION = "AzureFunctionsJobHost__extensions__queues__"


def lay_out(folder, binaries, apps, simulators, queues=None):
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
    for app in apps:
        shutil.copytree(os.path.join(ROOT, "functions", app), os.path.join(functions, app), ignore=shutil.ignore_patterns("tests"))
        change(os.path.join(functions, app, "app.json"), (queues or {}).get(app, {}))
        long_ago(os.path.join(functions, app, "Cargo.toml"))
    for simulator in simulators:
        home = os.path.join(local, "simulators", simulator)
        os.mkdir(home)
        shutil.copy(os.path.join(ROOT, "local", "simulators", simulator, "simulator.json"), home)
    link_binaries(folder, binaries, (*apps, *simulators))


def change(file, queues):
    """Its queues as measured; its event hubs without capture, since the app that has the container for it is not here."""
    with open(file) as text:
        app = json.load(text)
    for hub in app["owns"].get("eventHubs", []):
        hub.pop("capture", None)
    app["host"] = {**app.get("host", {}), **{f"{SECTION}{name}": str(value) for name, value in queues.items()}}
    with open(file, "w") as text:
        json.dump(app, text)


def long_ago(manifest):
    """Older than any binary."""
    open(manifest, "a").close()
    os.utime(manifest, (0, 0))


def link_binaries(folder, binaries, names):
    """With lists of sources that are empty: what the host would build is up to date."""
    target = os.path.join(folder, "target", "release")
    os.makedirs(target)
    # A host that was built for debugging looks there.
    os.symlink(target, os.path.join(folder, "target", "debug"))
    for name in names:
        os.symlink(os.path.join(binaries, name), os.path.join(target, name))
        with open(os.path.join(target, f"{name}.d"), "w") as sources:
            sources.write(f"{name}:\n")
