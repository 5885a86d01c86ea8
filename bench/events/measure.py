#!/usr/bin/env python3
"""How many events a second an event hub takes over HTTPS' protocol.

Usage: bench/events/measure.py [--binaries DIR] [--events N] [--rounds N] [--only batches|keyed]

Build first: cargo build --release --workspace --bin local-data

Each round begins with an empty hub of four partitions; all are kept on disk. The publishers are a process of their own. Exits 1 when a
target is missed.
"""
import argparse
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "host"))
from clients_process import Clients  # noqa: E402
from found import Found, percentile  # noqa: E402
from platform_run import ROOT, Process  # noqa: E402

START_DEADLINE_S, SENDING_DEADLINE_S = 30, 600
EVENT_BYTES = 1_000
PARTITIONS = 4
# name: events of one request, keys, connections, events of a round, events a second that are asked
FORMS = {
    "batches": (500, 1, 2, 200_000, 20_000),
    "keyed": (1, 64, 16, 30_000, 3_000),
}


class LocalData:
    """The data services alone, with their data in a folder."""

    def __init__(self, binary, folder):
        command = [binary, "--data", folder, "--cosmos", "0", "--blob", "0", "--queue", "0", "--event-hubs", "0", "--amqp", "0"]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.system = Process(self.process.pid)
        ends = time.monotonic() + START_DEADLINE_S
        for line in self.process.stdout:
            found = re.match(r"event-hubs http://127\.0\.0\.1:(\d+)/", line)
            if found:
                self.port = int(found[1])
                return
            if time.monotonic() > ends:
                break
        sys.exit("the data services did not start")

    def declare(self, hub):
        url = f"http://127.0.0.1:{self.port}/$local/eventhubs/{hub}"
        request = urllib.request.Request(url, b'{"partitions": %d}' % PARTITIONS, method="PUT")
        urllib.request.urlopen(request).close()

    def stop(self):
        self.process.terminate()
        self.process.wait()


def published(options, found, form):
    batch, keys, connections, events, target = FORMS[form]
    folder = tempfile.mkdtemp()
    data = LocalData(os.path.join(options.binaries, "local-data"), folder)
    rates, times_ms, cpu_s, sent = [], [], 0, 0
    try:
        for number in range(options.rounds):
            hub = f"{form}-{number}"
            data.declare(hub)
            task = {"port": data.port, "hub": hub, "bytes": EVENT_BYTES, "batch": batch, "keys": keys,
                    "connections": connections, "events": options.events or events}
            publishers = Clients(os.path.join(HERE, "publishing.py"), task)
            before = data.system.cpu_s()
            told = publishers.begin(SENDING_DEADLINE_S)
            cpu_s += data.system.cpu_s() - before
            sent += told["events"]
            rates.append(told["events"] / told["tookS"])
            times_ms += told["timesMs"]
        what = f"of 1 kB in batches of {batch}" if batch > 1 else "of 1 kB, one at a time, each with a key"
        print(f"events {what}, {connections} connections, {options.rounds} rounds; load {os.getloadavg()[0]:.1f}")
        found.rounds("events a second", rates, target, "at least")
        found.figure("an answer, ms, median", statistics.median(times_ms))
        found.figure("an answer, ms, p99", percentile(times_ms, 0.99))
        found.figure("processor of the services for an event, µs", 1e6 * cpu_s / sent)
        found.figure("memory of the services, MiB, at most ever", data.system.peak_mib())
    finally:
        data.stop()
        shutil.rmtree(folder)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binaries", default=os.path.join(ROOT, "target", "release"))
    parser.add_argument("--events", type=int, help="of one round; else as many as the form of sending says")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", choices=FORMS)
    parser.add_argument("--json", metavar="FILE", help="writes the figures for `cargo xtask bench`")
    options = parser.parse_args()
    found = Found()
    for form in [options.only] if options.only else FORMS:
        found.about = form
        published(options, found, form)
    found.write(options.json)
    sys.exit(1 if found.missed else 0)


if __name__ == "__main__":
    main()
