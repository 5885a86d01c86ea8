#!/usr/bin/env python3
"""How many scores a second a worker makes on one core and on two, in how much memory, and how long they wait.

Usage: bench/credit/simulation_jobs.py [--iommi PATH] [--handler PATH] [--jobs PATH] [--seconds N] [--keep]

Build first: cargo build --release --workspace --bin iommi --bin scoring --example jobs

The app runs as it is deployed, on the local host with the data services inside it. A job takes half a CPU second. First a
burst: jobs that wait in the queue, so that the worker is never idle. Then jobs that come by chance, four fifths of what two
cores can do. `--keep` writes what was measured to measured.json, which the queue model of the tests is held against.
Exits 1 when a target is missed.
"""
import argparse
import base64
import http.client
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from urllib.parse import quote, urlsplit

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "host"))
sys.path.insert(0, os.path.join(HERE, "..", "legacy"))
from account import signature  # noqa: E402
from platform_run import ROOT, Platform, Process, package  # noqa: E402

WORK_S = 0.5
POLL_S = 0.1
# Whoever looks more often takes part: each look costs the services' and our own time on the same cores.
LOOK_EVERY_S = 0.05
BUSY = 0.8
SEED = 20261129
EFFICIENCY_TARGET = 0.95
MEMORY_TARGET_MIB = 32
DEADLINE_S = 300
RESULTS, JOBS, ACTIVITIES = "scoring-results", "scoring-jobs", "credit-activity"


class Service:
    """A data service over one kept-alive connection."""

    def __init__(self, url):
        parts = urlsplit(url)
        self.path = parts.path.rstrip("/")
        self.connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=DEADLINE_S)

    def ask(self, method, path, body=None, headers=None):
        self.connection.request(method, f"{self.path}{path}{signature()}", body, {"x-ms-version": "2024-11-04", **(headers or {})})
        answer = self.connection.getresponse()
        text = answer.read()
        if answer.status >= 300:
            sys.exit(f"{method} {path}: {answer.status} {text[:200]}")
        return text.decode()


class Results:
    """Takes answers as they come, with the time at which they were seen."""

    def __init__(self, url, begun):
        self.queue, self.begun, self.seen, self.ends = Service(url), begun, {}, False
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self):
        while not self.ends:
            text = self.queue.ask("GET", f"/{RESULTS}/messages?numofmessages=32&visibilitytimeout=600&")
            now = time.monotonic() - self.begun
            for message in text.split("<MessageText>")[1:]:
                event = json.loads(base64.b64decode(message.split("<")[0]))
                self.seen[event["subject"]] = (now, event)
            time.sleep(LOOK_EVERY_S)

    def wait_for(self, ids):
        ends = time.monotonic() + DEADLINE_S
        while any(one not in self.seen for one in ids):
            if time.monotonic() > ends:
                sys.exit(f"{sum(one not in self.seen for one in ids)} of {len(ids)} answers did not come")
            time.sleep(LOOK_EVERY_S)
        self.ends = True
        self.thread.join()
        return [self.seen[one] for one in ids]


class Watch:
    """The most threads of a process that run at the same time, as sampled, and how much it computes."""

    def __init__(self, pid):
        self.pid, self.most, self.ends = pid, 0, False
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self):
        while not self.ends:
            running = 0
            for task in os.listdir(f"/proc/{self.pid}/task"):
                try:
                    with open(f"/proc/{self.pid}/task/{task}/stat") as stat:
                        running += stat.read().rpartition(")")[2].split()[0] == "R"
                except OSError:
                    pass
            self.most = max(self.most, running)
            time.sleep(0.05)


def peak_mib(pid):
    with open(f"/proc/{pid}/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1024


def settings(folder, cores):
    """A queue that is asked every 100 ms, and a batch for the cores there are."""
    file = os.path.join(folder, "app.json")
    with open(file) as text:
        app = json.load(text)
    section = "AzureFunctionsJobHost__extensions__queues__"
    app["host"] |= {f"{section}maxPollingInterval": "00:00:00.1000000", f"{section}batchSize": str(cores)}
    with open(file, "w") as text:
        json.dump(app, text)


def laid_out(options, folder, cores):
    package("scoring", options.handler, folder)
    shutil.copy(os.path.join(ROOT, "functions", "scoring", "app.json"), folder)
    settings(folder, cores)
    if cores < os.cpu_count():
        handler = os.path.join(folder, "handler")
        os.rename(handler, f"{handler}-itself")
        with open(handler, "w") as script:
            script.write(f'#!/bin/sh\nexec taskset -c 0-{cores - 1} "{handler}-itself" "$@"\n')
        os.chmod(handler, 0o755)


def made(options, count, paths):
    text = subprocess.run([options.jobs, str(count), str(paths)], check=True, capture_output=True, text=True).stdout
    return json.loads(text)


def store(urls, jobs):
    blobs = Service(urls["blobUrl"])
    for job in jobs:
        blobs.ask("PUT", f"/{ACTIVITIES}/{quote(job['path'])}?", base64.b64decode(job["sealed"]), {"x-ms-blob-type": "BlockBlob"})


def send(queue, job):
    text = base64.b64encode(json.dumps(job["message"]).encode()).decode()
    queue.ask("POST", f"/{JOBS}/messages?", f"<QueueMessage><MessageText>{text}</MessageText></QueueMessage>")


def run(urls, jobs, at_s):
    """Sends each job at its time; when each came, when each was done, and what each took."""
    store(urls, jobs)
    queue, begun = Service(urls["queueUrl"]), time.monotonic()
    results, came = Results(urls["queueUrl"], begun), []
    for job, at in zip(jobs, at_s):
        time.sleep(max(0, begun + at - time.monotonic()))
        came.append(time.monotonic() - begun)
        send(queue, job)
    answers = results.wait_for([job["id"] for job in jobs])
    return came, [at for at, _ in answers], [event["data"]["cpuMs"] / 1e3 for _, event in answers]


def measured(options, cores, folder):
    laid_out(options, folder, cores)
    with Platform(options.iommi, folder) as platform:
        urls = platform._line(lambda line: line["message"] == "started")
        Service(urls["blobUrl"]).ask("PUT", f"/{ACTIVITIES}?restype=container&")
        # The first warms up, the second says how many paths half a second is.
        for paths in (200_001, 400_000):
            _, _, cpu = run(urls, made(options, 1, paths), [0])
        paths = int(400_000 * WORK_S / cpu[0])
        _, handler = platform.handler()
        watch, computed, begun = Watch(handler.pid), handler.cpu_s(), time.monotonic()
        jobs = made(options, int(options.seconds * cores / WORK_S), paths)
        came, done, cpu = run(urls, jobs, [0] * len(jobs))
        busy = (handler.cpu_s() - computed) / (time.monotonic() - begun)
        watch.ends = True
        work, ordered = sum(cpu) / len(cpu), sorted(done)
        rate = (len(done) - cores) / (ordered[-1] - ordered[cores - 1])
        yield {"name": f"burst on {cores}", "cores": cores, "batchSize": cores, "pollS": POLL_S, "workS": round(work, 4),
               "cameS": [round(at, 3) for at in came], "doneS": [round(at, 3) for at in done],
               "jobsPerS": round(rate, 3), "efficiency": round(rate * work / cores, 3), "mostThreads": watch.most,
               "coresUsed": round(busy, 2), "peakMib": round(peak_mib(handler.pid), 1), "paths": paths}
        chance, now, at_s = random.Random(SEED), 0, []
        for _ in range(int(options.seconds * cores * BUSY / WORK_S)):
            now += chance.expovariate(BUSY * cores / work)
            at_s.append(now)
        came, done, cpu = run(urls, made(options, len(at_s), paths + 1), at_s)
        yield {"name": f"by chance on {cores}", "cores": cores, "batchSize": cores, "pollS": POLL_S, "workS": round(sum(cpu) / len(cpu), 4),
               "cameS": [round(at, 3) for at in came], "doneS": [round(at, 3) for at in done]}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--iommi", default=os.path.join(ROOT, "target", "release", "iommi"))
    parser.add_argument("--handler", default=os.path.join(ROOT, "target", "release", "scoring"))
    parser.add_argument("--jobs", default=os.path.join(ROOT, "target", "release", "examples", "jobs"))
    parser.add_argument("--seconds", type=float, default=60, help="how long each run takes")
    parser.add_argument("--keep", action="store_true", help="write measured.json")
    options = parser.parse_args()
    runs, loads = [], os.getloadavg()
    for cores in range(1, min(os.cpu_count(), 2) + 1):
        folder = tempfile.mkdtemp()
        try:
            runs += measured(options, cores, folder)
        finally:
            shutil.rmtree(folder)
    for one in runs:
        waits = [done - came for came, done in zip(one["cameS"], one["doneS"])]
        print({key: value for key, value in one.items() if key not in ("cameS", "doneS")}, f"mean time {sum(waits) / len(waits):.2f} s")
    print(f"load before: {loads}, after: {os.getloadavg()}")
    bursts = [one for one in runs if "efficiency" in one]
    if options.keep:
        with open(os.path.join(HERE, "measured.json"), "w") as file:
            json.dump({"loadBefore": loads, "runs": runs}, file)
            file.write("\n")
    missed = [one["name"] for one in bursts if one["efficiency"] < EFFICIENCY_TARGET or one["peakMib"] > MEMORY_TARGET_MIB]
    sys.exit(f"missed: {', '.join(missed)}" if missed else 0)


if __name__ == "__main__":
    main()
