"""The programs that are compared: ours, with and without telemetry, and what does the same in Node and in Python."""
import json
import os
import shutil
import subprocess
import sys

from platform_run import ROOT

PEERS = os.path.join(ROOT, "bench", "peers")
# Below target/, so that nothing that is installed is ever part of the repository.
INSTALLED = os.path.join(os.environ.get("CARGO_TARGET_DIR", os.path.join(ROOT, "target")), "bench", "peers")
# Each would change what is measured, if whoever runs this happens to have it.
NOT_INHERITED = ("RUST_BACKTRACE", "RUST_LOG", "NODE_OPTIONS", "PYTHONASYNCIODEBUG", "PYTHONDEVMODE", "VIRTUAL_ENV")


class Contender:
    """`deployed` are the files and folders that make its package."""

    def __init__(self, name, command, folder, environment, deployed):
        self.name, self.command, self.folder = name, command, folder
        self.environment, self.deployed = environment, deployed


def ours(name, binary, folder, settings, **more):
    """`folder` has the app as a package has it."""
    files = [os.path.join(folder, file) for file in os.listdir(folder) if file != "local.settings.sample.json"]
    return Contender(name, [binary], None, environment(settings, **more), files)


def node(settings):
    folder = os.path.join(INSTALLED, "node")
    files = ["package.json", "package-lock.json", ".npmrc"]
    if changed(folder, os.path.join(PEERS, "node"), files):
        run(["npm", "ci", "--omit=dev", "--silent", "--no-audit", "--no-fund"], folder)
        done(folder, os.path.join(PEERS, "node"), files)
    copied = lay_out(folder, os.path.join(PEERS, "node"), "handler.mjs")
    command = [shutil.which("node"), "handler.mjs"]
    deployed = [*copied, os.path.join(folder, "node_modules")]
    return Contender("node", command, folder, environment(settings, NODE_ENV="production"), deployed)


def python(settings):
    folder, files = os.path.join(INSTALLED, "python"), ["requirements.txt"]
    packages = os.path.join(folder, ".python_packages", "lib", "site-packages")
    if changed(folder, os.path.join(PEERS, "python"), files):
        shutil.rmtree(packages, ignore_errors=True)
        # An environment of its own for pip, which else holds the packages against others that happen to be here.
        run([sys.executable, "-m", "venv", "venv"], folder)
        pip = [os.path.join("venv", "bin", "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        run([*pip, "--target", packages, "-r", "requirements.txt"], folder)
        done(folder, os.path.join(PEERS, "python"), files)
    copied = lay_out(folder, os.path.join(PEERS, "python"), "handler.py")
    # The interpreter itself and not a shim before it, which would be measured too.
    command = [os.path.realpath(sys.executable), "handler.py"]
    deployed = [*copied, os.path.join(folder, ".python_packages")]
    return Contender("python", command, folder, environment(settings, PYTHONPATH=packages), deployed)


def environment(settings, **more):
    """What the host gives a handler: the settings of the sample, and where the data is. No telemetry unless it is asked for."""
    with open(os.path.join(ROOT, "local.settings.sample.json")) as sample:
        values = json.load(sample)["Values"]
    inherited = {name: value for name, value in os.environ.items()
                 if name not in NOT_INHERITED and not name.startswith("OTEL_")}
    return {**inherited, **values, **settings, "OTEL_EXPORTER_OTLP_ENDPOINT": "", **more}


def lay_out(folder, source, program):
    names = [program, "host.json", "health", "profile"]
    for name in names:
        here, there = os.path.join(source, name), os.path.join(folder, name)
        shutil.copytree(here, there, dirs_exist_ok=True) if os.path.isdir(here) else shutil.copy(here, there)
    return [os.path.join(folder, name) for name in names]


def changed(folder, source, files):
    """Whether what is wanted is not what is installed; if so it is copied."""
    os.makedirs(folder, exist_ok=True)
    mark = os.path.join(folder, "installed")
    wanted = text(source, files)
    if os.path.isfile(mark) and open(mark).read() == wanted:
        return False
    for file in files:
        shutil.copy(os.path.join(source, file), folder)
    return True


def done(folder, source, files):
    with open(os.path.join(folder, "installed"), "w") as mark:
        mark.write(text(source, files))


def text(source, files):
    return "".join(open(os.path.join(source, file)).read() for file in files)


def run(command, folder):
    if subprocess.run(command, cwd=folder).returncode != 0:
        sys.exit(f"{' '.join(command)} failed in {folder}")


def versions():
    """Of everything that is compared, as it is installed."""
    node_modules = os.path.join(INSTALLED, "node", "node_modules")
    found = {"node": said(["node", "--version"]), "python": sys.version.split()[0]}
    for package in ("fastify", "@azure/cosmos"):
        with open(os.path.join(node_modules, package, "package.json")) as manifest:
            found[f"{package} (npm)"] = json.load(manifest)["version"]
    with open(os.path.join(PEERS, "python", "requirements.txt")) as requirements:
        pinned = dict(line.strip().split("==") for line in requirements if "==" in line)
    for package in ("fastapi", "uvicorn", "uvloop", "azure-cosmos"):
        found[f"{package} (PyPI)"] = pinned[package]
    return found


def said(command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip().lstrip("v")
