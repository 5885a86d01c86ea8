#!/usr/bin/env python3
"""A steady, bounded load, and a verdict.

Requests start at a fixed rate whether or not earlier ones have been answered, as those of independent clients do; so a
slow server shows as long times, not as fewer requests. Times count from when a request should have started. Nothing
is asked beyond --seconds, and never more than --connections at once. Exits 1 when too many requests fail (no answer, or
4xx or 5xx: what the firewall or a limit refuses was not served) or when the 95th percentile is too slow.
"""
import argparse
import http.client
import json
import queue
import sys
import threading
import time
import urllib.parse

REQUEST_DEADLINE_S = 30
MAX_RATE = 1_000
MAX_SECONDS = 900
MAX_CONNECTIONS = 200


def percentile(samples, part):
    return sorted(samples)[min(len(samples) - 1, int(len(samples) * part))]


def read_paths(file):
    with open(file) as lines:
        paths = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    if not paths or not all(path.startswith("/") for path in paths):
        sys.exit(f"{file}: a path that begins with / in each line, please")
    return paths


class Client(threading.Thread):
    """One connection that takes requests as they fall due."""

    def __init__(self, url, due, results):
        super().__init__(daemon=True)
        self.url, self.due, self.results = urllib.parse.urlsplit(url), due, results
        self.connection = None

    def run(self):
        while True:
            entry = self.due.get()
            if entry is None:
                return
            started_at, path = entry
            try:
                status = self.ask(path)
            except (OSError, http.client.HTTPException) as error:
                status, self.connection = type(error).__name__, None
            self.results.append((path, status, (time.monotonic() - started_at) * 1e3))

    def ask(self, path):
        if self.connection is None:
            kind = http.client.HTTPSConnection if self.url.scheme == "https" else http.client.HTTPConnection
            self.connection = kind(self.url.netloc, timeout=REQUEST_DEADLINE_S)
        self.connection.request("GET", self.url.path.rstrip("/") + path, headers={"User-Agent": "iommi-load-test"})
        response = self.connection.getresponse()
        response.read()
        return response.status


def load(url, paths, rate, seconds, connections):
    due, results = queue.Queue(), []
    clients = [Client(url, due, results) for _ in range(connections)]
    for client in clients:
        client.start()
    began = time.monotonic()
    for number in range(int(rate * seconds)):
        at = began + number / rate
        time.sleep(max(0, at - time.monotonic()))
        due.put((at, paths[number % len(paths)]))
    for _ in clients:
        due.put(None)
    ends = time.monotonic() + REQUEST_DEADLINE_S * 2
    for client in clients:
        client.join(max(0, ends - time.monotonic()))
    return list(results)


def is_failure(status):
    return not isinstance(status, int) or status >= 400


def verdict(results, asked, max_failed_percent, max_p95_ms):
    """What happened, and whether that is good enough; an answer that never came is a failure."""
    failed = sum(is_failure(status) for _, status, _ in results) + asked - len(results)
    times = [took_ms for _, status, took_ms in results if not is_failure(status)]
    statuses = {}
    for _, status, _ in results:
        statuses[str(status)] = statuses.get(str(status), 0) + 1
    report = {"asked": asked, "failed": failed, "statuses": dict(sorted(statuses.items()))}
    if times:
        report |= {f"p{int(part * 100)}Ms": round(percentile(times, part), 1) for part in (0.5, 0.95, 0.99)}
    good = bool(times) and failed * 100 <= max_failed_percent * asked and report["p95Ms"] <= max_p95_ms
    return report, good


def bounded(most):
    def parse(text):
        value = float(text)
        if not 0 < value <= most:
            raise argparse.ArgumentTypeError(f"more than 0 and at most {most}")
        return value
    return parse


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url")
    parser.add_argument("paths", help="a file with a path in each line, asked in turn")
    parser.add_argument("--rate", type=bounded(MAX_RATE), default=50, help="requests a second (50)")
    parser.add_argument("--seconds", type=bounded(MAX_SECONDS), default=120, help="for how long (120)")
    parser.add_argument("--connections", type=bounded(MAX_CONNECTIONS), default=50, help="at once (50)")
    parser.add_argument("--max-failed-percent", type=float, default=0.1)
    parser.add_argument("--max-p95-ms", type=float, default=1_000)
    options = parser.parse_args()
    paths = read_paths(options.paths)
    results = load(options.url, paths, options.rate, options.seconds, int(options.connections))
    report, good = verdict(results, int(options.rate * options.seconds), options.max_failed_percent, options.max_p95_ms)
    print(json.dumps(report))
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
