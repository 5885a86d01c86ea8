#!/usr/bin/env python3
"""How long a capture file takes into the lake, and how much memory that takes.

Usage: bench/events/lake.py [--binaries DIR] [--mib N] [--rounds N]

Build first: cargo build --release --workspace --bin iommi --bin events

Each round is a file with other events, of one type and one hour: one file of the lake. Exits 1 when a target is missed.
"""
import argparse
import json
import os
import shutil
import statistics
import sys
import tempfile
import time
import uuid
from urllib.parse import urlsplit

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "..", "host"), os.path.join(HERE, "..", "..", "checks", "tour")]
import upload  # noqa: E402
from asking import ask, told  # noqa: E402
from capture_file import write  # noqa: E402
from found import Found  # noqa: E402
from platform_run import ROOT, Platform  # noqa: E402
from workspace import lay_out  # noqa: E402

TYPE = "com.iommi.profiles.account-activated.v1"
DAY, EVENT_BYTES, MIB = "2026-10-12", 1_000, 1 << 20
DONE_DEADLINE_S = 300
# As much as the app has (functions/events/app.json), less what the host takes beside it.
MOST_MIB = 384


def event():
    profile = str(uuid.uuid4())
    said = {"specversion": "1.0", "id": f"{profile}-1-account-activated", "source": "/profiles", "type": TYPE, "subject": profile,
            "time": f"{DAY}T08:30:00Z", "datacontenttype": "application/json", "data": {"profileId": profile, "padding": ""}}
    # What pads it does not pack well, as little of an event does.
    said["data"]["padding"] = os.urandom(EVENT_BYTES // 2).hex()[:EVENT_BYTES - len(json.dumps(said))]
    return json.dumps(said).encode()


def brought_in(gateway, blobs, round_, count):
    name = f"local/account/0/2026/10/12/08/{round_:02}/00.avro"
    file = write([event() for _ in range(count)], first=round_ * count)
    upload.put("event-captures", name, file, "application/avro", blobs)
    due = {"specversion": "1.0", "id": str(uuid.uuid4()), "source": "/events", "type": "com.iommi.events.capture-due.v1",
           "subject": name, "time": f"{DAY}T08:35:00Z", "datacontenttype": "application/json", "data": {"file": name}}
    began = time.monotonic()
    ask(gateway, "POST", "/admin/functions/events/curate", {"input": json.dumps(due)})
    while len(ask(gateway, "GET", f"/events/v1/lake/{TYPE}?date={DAY}&limit=100")["items"]) <= round_:
        if time.monotonic() > began + DONE_DEADLINE_S:
            sys.exit(f"the file is not in the lake after {DONE_DEADLINE_S} s")
        time.sleep(0.05)
    return time.monotonic() - began, len(file)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binaries", default=os.path.join(ROOT, "target", "release"))
    parser.add_argument("--mib", type=int, default=16, help="of events in a file, before they are packed")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    folder, found = tempfile.mkdtemp(), Found()
    try:
        lay_out(folder, options.binaries, ("events",), ())
        settings = {"CARGO_TARGET_DIR": "target"}
        with Platform(os.path.join(options.binaries, "iommi"), workspace=folder, environment=settings) as platform:
            gateway, _ = told(platform)
            blobs = urlsplit(platform._line(lambda line: line["message"] == "started")["blobUrl"]).port
            ask(gateway, "GET", "/events/v1/types")
            handler = platform.handler("events")[1]
            idle_mib, cpu_s = handler.memory_mib(), handler.cpu_s()
            count = options.mib * MIB // EVENT_BYTES
            rounds = [brought_in(gateway, blobs, round_, count) for round_ in range(options.rounds)]
            print(f"{options.rounds} capture files of {count} events of 1 kB, packed {rounds[0][1] / MIB:.1f} MiB; load {os.getloadavg()[0]:.1f}")
            found.figure("a file into the lake, s, median", statistics.median(took for took, _ in rounds))
            found.figure("a file into the lake, s, worst", max(took for took, _ in rounds))
            found.figure("processor of the handler for a file, s", (handler.cpu_s() - cpu_s) / options.rounds)
            found.figure("memory of the handler before, MiB", idle_mib)
            found.figure("memory of the handler, MiB, at most ever", handler.peak_mib(), MOST_MIB)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    sys.exit(1 if found.missed else 0)


if __name__ == "__main__":
    main()
