#!/usr/bin/env python3
"""How soon a change is a message for the mainframe, how many are in a second, and in how much memory.

Usage: bench/legacy/measure.py [--iommi PATH] [--handler PATH] [--changes N] [--singles N]

Build first: cargo build --release -p local-host -p legacy

Single changes are written one after the other, each at another moment of the feed's poll delay, and taken from the queue
as soon as they are there. Then many changes wait behind a queue that is closed, which is opened: so the feed, and not the
writer, is what is measured. Exits 1 when a target is missed.
"""
import argparse
import json
import os
import random
import shutil
import statistics
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "host"))
from account import signature  # noqa: E402
from found import Found  # noqa: E402
from platform_run import ROOT, Platform, package  # noqa: E402
from profile_documents import Service, upsert  # noqa: E402

OUTBOX = "legacy-outbox"
ADDED_MEDIAN_TARGET_MS = 50
CHANGES_A_SECOND_TARGET = 2_000
MEMORY_TARGET_MIB = 64
WRITERS = 4
DEADLINE_S = 180
LOOK_EVERY_S = 0.02


def length(queue):
    answer, _ = queue.ask("GET", f"/{OUTBOX}?comp=metadata&{signature()}")
    return int(answer.headers["x-ms-approximate-messages-count"])


def clear(queue):
    queue.ask("DELETE", f"/{OUTBOX}/messages?{signature()}")


def singles(cosmos, queue, numbers, delay_s):
    """Milliseconds from the answer to a write until its message can be taken."""
    times = []
    for number in numbers:
        time.sleep(random.uniform(0, delay_s))
        upsert(cosmos, number, 1)
        began = time.perf_counter()
        while length(queue) == 0:
            if time.perf_counter() - began > DEADLINE_S:
                sys.exit("a change did not become a message")
            time.sleep(0.001)
        times.append((time.perf_counter() - began) * 1e3)
        clear(queue)
    return times


def fault(gateway, spec):
    if spec:
        body, method = json.dumps({"fault": spec}), "POST"
    else:
        body, method = None, "DELETE"
    answer, text = gateway.ask(method, "/admin/faults", body, {"content-type": "application/json"})
    if answer.status != 200:
        sys.exit(f"switching a fault: {text[:200]}")


def backlog(urls, changes, handler):
    """Changes a second once the queue is open, and the memory of the handler meanwhile."""
    gateway, queue = Service(urls["url"]), Service(urls["queueUrl"])
    clear(queue)
    fault(gateway, "queue=unavailable")

    def write(first):
        cosmos = Service(urls["cosmosUrl"])
        for number in range(first, changes, WRITERS):
            upsert(cosmos, 1_000_000 + number, 1)

    writers = [threading.Thread(target=write, args=(first,)) for first in range(WRITERS)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    fault(gateway, None)
    ends = time.monotonic() + DEADLINE_S
    while (already := length(queue)) == 0:
        if time.monotonic() > ends:
            sys.exit("the feed does not go on")
        time.sleep(LOOK_EVERY_S)
    began, memory = time.perf_counter(), [handler.memory_mib()]
    cpu_s = handler.cpu_s()
    while (now := length(queue)) < changes:
        if time.monotonic() > ends:
            sys.exit(f"{now} of {changes} messages came")
        memory.append(handler.memory_mib())
        time.sleep(LOOK_EVERY_S)
    took = time.perf_counter() - began
    return (changes - already) / took, (handler.cpu_s() - cpu_s) / (changes - already), memory


def lay_out(handler, folder):
    """The app as it is deployed; the container that it listens to is another app's, and is created here."""
    package("legacy", handler, folder)
    with open(os.path.join(ROOT, "functions", "legacy", "app.json")) as file:
        app = json.load(file)
    feed = {"database": "profiles", "name": "profiles", "partitionKey": "/id", "defaultTtlSeconds": -1}
    app["owns"]["containers"].append(feed)
    with open(os.path.join(folder, "app.json"), "w") as file:
        json.dump(app, file)


def main():
    # With it each answer 404 would cost a backtrace, in the services and in the handler.
    os.environ["RUST_BACKTRACE"] = "0"
    release = os.path.join(os.environ.get("CARGO_TARGET_DIR", os.path.join(ROOT, "target")), "release")
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--iommi", default=os.path.join(release, "iommi"))
    parser.add_argument("--handler", default=os.path.join(release, "legacy"))
    parser.add_argument("--changes", type=int, default=20_000)
    parser.add_argument("--singles", type=int, default=60)
    parser.add_argument("--json", metavar="FILE", help="writes the figures for `cargo xtask bench`")
    options = parser.parse_args()
    parent, found = tempfile.mkdtemp(), Found()
    # The app, and with it its database, is called as its folder is.
    folder = os.path.join(parent, "legacy")
    os.mkdir(folder)
    try:
        lay_out(options.handler, folder)
        with open(os.path.join(folder, "forward_changes", "function.json")) as file:
            delay_ms = json.load(file)["bindings"][0]["feedPollDelay"]
        with Platform(options.iommi, folder) as platform:
            measure(platform, options, delay_ms, found)
    finally:
        shutil.rmtree(parent)
    found.write(options.json)
    sys.exit(1 if found.missed else 0)


def measure(platform, options, delay_ms, found):
    urls = platform._line(lambda line: line["message"] == "started")
    cosmos, queue = Service(urls["cosmosUrl"]), Service(urls["queueUrl"])
    singles(cosmos, queue, [0], 0)  # wakes the handler
    _, handler = platform.handler()
    times = sorted(singles(cosmos, queue, range(1, 1 + options.singles), delay_ms / 1e3))
    print(f"the feed's poll delay is {delay_ms} ms; load {os.getloadavg()[0]:.1f}")
    found.figure("change to message, ms, median", statistics.median(times), delay_ms + ADDED_MEDIAN_TARGET_MS)
    found.figure("change to message, ms, p99", times[int(len(times) * 0.99)])
    a_second, cpu_s, memory = backlog(urls, options.changes, handler)
    found.figure(f"changes a second, of {options.changes}", a_second, CHANGES_A_SECOND_TARGET, "at least", key="changes-a-second")
    found.figure("the handler's CPU for each, µs", cpu_s * 1e6)
    tenth = max(1, len(memory) // 10)
    found.figure("the handler's memory, MiB, at most", max(memory), MEMORY_TARGET_MIB)
    found.figure("the handler's memory, MiB, at first", statistics.mean(memory[:tenth * 2]))
    found.figure("the handler's memory, MiB, at last", statistics.mean(memory[-tenth * 2:]))


if __name__ == "__main__":
    main()
