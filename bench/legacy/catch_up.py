#!/usr/bin/env python3
"""How soon a slow mainframe has the newest revision of everything after many changes to few profiles.

Usage: bench/legacy/catch_up.py [--iommi PATH] [--handler PATH] [--mainframe PATH] [--seconds N]

Build first: cargo build --release --workspace --bins

Profiles are changed in turn, faster than the mainframe takes messages. Exits 1 when the target is missed.
"""
import argparse
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from urllib.request import urlopen

from measure import lay_out, length
from account import signature
from found import Found
from platform_run import ROOT, Platform
from profile_documents import Service, profile_id, upsert

PROFILES = 60
CHANGES_A_SECOND = 80
MAINFRAME_PACE = "messagesPerSecond=20,secondsPerMessage=0.2"
TARGET_S = 10
DEADLINE_S = 600
LOOK_EVERY_S = 0.1


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


class Mainframe:
    def __init__(self, binary, urls):
        self.url = f"http://127.0.0.1:{free_port()}"
        settings = {
            "PORT": self.url.rpartition(":")[2], "MAINFRAME_PACE": MAINFRAME_PACE,
            "STORAGE__queueServiceUri": f"{urls['queueUrl'].rstrip('/')}?{signature()}",
            "STORAGE__blobServiceUri": f"{urls['blobUrl'].rstrip('/')}?{signature()}",
        }
        self.process = subprocess.Popen([binary], env={**os.environ, **settings}, stdout=subprocess.DEVNULL)

    def revisions(self):
        try:
            with urlopen(f"{self.url}/records?limit=1000", timeout=10) as answer:
                return {record["profileId"]: record["revision"] for record in json.load(answer)["items"]}
        except OSError:
            return {}


def change(cosmos, queue, seconds):
    """Writes at the rate that was asked for. The revision of each profile, and the longest queue that was seen."""
    began, written, longest = time.monotonic(), 0, 0
    while (now := time.monotonic() - began) < seconds:
        if written >= now * CHANGES_A_SECOND:
            longest = max(longest, length(queue))
            time.sleep(1 / CHANGES_A_SECOND / 4)
            continue
        upsert(cosmos, written % PROFILES, written // PROFILES + 1)
        written += 1
    took = time.monotonic() - began
    revisions = {number: (written - 1 - number) // PROFILES + 1 for number in range(PROFILES)}
    return {profile_id(number): one for number, one in revisions.items()}, written / took, longest


def measure(urls, mainframe, seconds, found):
    cosmos, queue = Service(urls["cosmosUrl"]), Service(urls["queueUrl"])
    newest, rate, longest = change(cosmos, queue, seconds)
    began = time.monotonic()
    while mainframe.revisions() != newest:
        if time.monotonic() - began > DEADLINE_S:
            sys.exit(f"not caught up after {DEADLINE_S} s")
        time.sleep(LOOK_EVERY_S)
    behind = time.monotonic() - began
    print(f"changes to {PROFILES} profiles for {seconds} s, the mainframe takes 20 a second; load {os.getloadavg()[0]:.1f}")
    found.figure(f"changes a second to {PROFILES} profiles", rate, 0.95 * CHANGES_A_SECOND, "at least", key="catch-up-changes-a-second")
    found.figure("messages in the queue, at most", longest)
    found.figure("caught up after the last change, s", behind, TARGET_S, key="caught-up")


def main():
    os.environ["RUST_BACKTRACE"] = "0"
    release = os.path.join(os.environ.get("CARGO_TARGET_DIR", os.path.join(ROOT, "target")), "release")
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--iommi", default=os.path.join(release, "iommi"))
    parser.add_argument("--handler", default=os.path.join(release, "legacy"))
    parser.add_argument("--mainframe", default=os.path.join(release, "mainframe"))
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--json", metavar="FILE", help="writes the figures for `cargo xtask bench`")
    options = parser.parse_args()
    parent, found = tempfile.mkdtemp(), Found()
    # The app, and with it its database, is called as its folder is.
    folder = os.path.join(parent, "legacy")
    os.mkdir(folder)
    try:
        lay_out(options.handler, folder)
        with Platform(options.iommi, folder) as platform:
            urls = platform._line(lambda line: line["message"] == "started")
            mainframe = Mainframe(options.mainframe, urls)
            try:
                measure(urls, mainframe, options.seconds, found)
            finally:
                mainframe.process.kill()
    finally:
        shutil.rmtree(parent)
    found.write(options.json)
    sys.exit(1 if found.missed else 0)


if __name__ == "__main__":
    main()
