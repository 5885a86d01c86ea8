#!/usr/bin/env python3
"""Blob and Queue of the local data services beside Azurite: the same operations of Azure's SDKs for JavaScript, in turn.

Usage: bench/storage/measure.py [--iommi PATH] [--rounds N] [--json FILE]

Build first: cargo build --release -p local-host

The operations are those of checks/storage-sdk/storm.mjs. Both keep everything in memory, and both are asked about their
processor and memory. Installs Azurite and the SDKs below target/ (Node 20, npm).
"""
import argparse
import json
import os
import shutil
import socket
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "host"))
from data_services import DataServices  # noqa: E402
from figures import Figures  # noqa: E402
from handler_process import free_port  # noqa: E402
from platform_run import ROOT, Process  # noqa: E402

STORM = os.path.join(ROOT, "checks", "storage-sdk")
INSTALLED = os.path.join(os.environ.get("CARGO_TARGET_DIR", os.path.join(ROOT, "target")), "bench", "storage")
ACCOUNT = "devstoreaccount1"
START_DEADLINE_S = 30


class Azurite:
    def __init__(self):
        ports = {name: free_port() for name in ("blob", "queue", "table")}
        command = ["node", os.path.join(INSTALLED, "node_modules", "azurite", "dist", "src", "azurite.js"), "--silent",
                   "--inMemoryPersistence", "--skipApiVersionCheck", "--disableTelemetry"]
        command += [word for name, port in ports.items() for word in (f"--{name}Port", str(port))]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        self.system = Process(self.process.pid)
        self.blob, self.queue = (f"http://127.0.0.1:{ports[name]}/{ACCOUNT}" for name in ("blob", "queue"))
        for name in ("blob", "queue"):
            self._listens(ports[name])

    def _listens(self, port):
        ends = time.monotonic() + START_DEADLINE_S
        while time.monotonic() < ends:
            try:
                return socket.create_connection(("127.0.0.1", port)).close()
            except ConnectionRefusedError:
                time.sleep(0.05)
        sys.exit(f"Azurite does not listen within {START_DEADLINE_S} s")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()


def install():
    """The versions of checks/storage-sdk; again only when they have changed."""
    os.makedirs(INSTALLED, exist_ok=True)
    lock, mark = os.path.join(STORM, "package-lock.json"), os.path.join(INSTALLED, "installed-lock.json")
    if not os.path.isfile(mark) or open(mark).read() != open(lock).read():
        for file in ("package.json", "package-lock.json", ".npmrc"):
            shutil.copy(os.path.join(STORM, file), INSTALLED)
        subprocess.run(["npm", "ci", "--silent", "--no-audit", "--no-fund"], cwd=INSTALLED, check=True)
        shutil.copy(lock, mark)
    # The SDKs are found beside the scripts.
    for file in ("storm.mjs", "harness.mjs"):
        shutil.copy(os.path.join(STORM, file), INSTALLED)


def storm(urls):
    """Milliseconds by operation."""
    told = subprocess.run(["node", os.path.join(INSTALLED, "storm.mjs"), *urls], capture_output=True, text=True)
    if told.returncode != 0:
        sys.exit(f"the operations failed at {urls}: {told.stderr}")
    return json.loads(told.stdout)


def measure(services, rounds, figures):
    for number in range(rounds):
        for name, urls, process in services if number % 2 == 0 else services[::-1]:
            before = process.cpu_s()
            for operations, took_ms in storm(urls).items():
                key = "-".join(word for word in operations.lower().replace(",", "").split())
                figures.sample(key, operations, "ms", name, took_ms)
            figures.sample("cpu", "CPU of the services for all of it", "s", name, process.cpu_s() - before)
            figures.sample("memory", "memory after it", "MiB", name, process.memory_mib())


def versions():
    found = {"node": subprocess.run(["node", "--version"], check=True, capture_output=True, text=True).stdout.strip().lstrip("v")}
    for package in ("azurite", "@azure/storage-blob", "@azure/storage-queue"):
        with open(os.path.join(INSTALLED, "node_modules", package, "package.json")) as manifest:
            found[f"{package} (npm)"] = json.load(manifest)["version"]
    return found


def main():
    # With it each answer 404 would cost a backtrace, in the data services.
    os.environ["RUST_BACKTRACE"] = "0"
    release = os.path.join(os.environ.get("CARGO_TARGET_DIR", os.path.join(ROOT, "target")), "release")
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--iommi", default=os.path.join(release, "iommi"))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", metavar="FILE", help="writes the figures for `cargo xtask bench`")
    options = parser.parse_args()
    install()
    figures = Figures()
    with DataServices(os.path.abspath(options.iommi)) as ours, Azurite() as azurite:
        services = [("ours", (ours.blob, ours.queue), ours.process), ("azurite", (azurite.blob, azurite.queue), azurite.system)]
        measure(services, options.rounds, figures)
    figures.versions = versions()
    figures.show()
    if options.json:
        with open(options.json, "w") as file:
            json.dump(figures.as_json(), file, ensure_ascii=False, indent=1)


if __name__ == "__main__":
    main()
