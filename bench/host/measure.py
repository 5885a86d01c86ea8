#!/usr/bin/env python3
"""What the local host adds to a request, and how it bears 200 connections.

Usage: bench/host/measure.py [--iommi PATH] [--handler PATH] [--requests N] [--connections N] [--seconds N]

Build first: cargo build --release -p local-host -p profiles

One run, one handler process: the same requests go straight to the handler and through the host, in turn, so that
whatever else the machine does meets both alike. Then the connections ask through the host for a while; errors are
answers other than 200 and connections that broke. Exits 1 when a target is missed.
"""
import argparse
import os
import selectors
import statistics
import sys
import tempfile
import time

from connection import READ_BYTES, Response, connect, exchange, get
from found import Found, percentile
from platform_run import ROOT, Platform, package

PATH = "/v1/health/live"
WARM_UP_REQUESTS = 1_000
ADDED_MEDIAN_TARGET_MS = 0.3
# By then the host holds all that it keeps for its page (10,000 invocations, 20,000 log lines): from there on its memory
# must be level.
LEVEL_AFTER_ANSWERS = 40_000
GROWTH_TARGET_MIB = 8
IDLE_DEADLINE_S = 30


def added(direct_port, host_port, requests):
    """Milliseconds of each request, straight and through the host."""
    request = get(PATH)
    straight, through = [], []
    with connect(direct_port) as direct, connect(host_port) as host:
        for number in range(requests + WARM_UP_REQUESTS):
            for connection, times in ((direct, straight), (host, through)):
                began = time.perf_counter_ns()
                response = exchange(connection, request)
                took_ms = (time.perf_counter_ns() - began) / 1e6
                if response.status != 200:
                    sys.exit(f"an answer {response.status} to {PATH}")
                if number >= WARM_UP_REQUESTS:
                    times.append(took_ms)
    return straight, through


def load(port, connections, seconds, host):
    """Asks over many connections at once; returns the answers, the errors, their times and the host's memory."""
    request = get(PATH)
    selector = selectors.DefaultSelector()
    answers, errors, times, memory = 0, 0, [], []
    began_at = {}

    def ask():
        connection = connect(port)
        selector.register(connection, selectors.EVENT_READ, Response())
        began_at[connection] = time.perf_counter_ns()
        connection.sendall(request)

    for _ in range(connections):
        ask()
    started = time.monotonic()
    next_look = started
    while (now := time.monotonic()) < started + seconds:
        if now >= next_look:
            memory.append((answers, host.memory_mib()))
            next_look += seconds / 50
        events = selector.select(IDLE_DEADLINE_S)
        if not events:
            sys.exit(f"no answer on any of {connections} connections within {IDLE_DEADLINE_S} s")
        for key, _ in events:
            connection, response = key.fileobj, key.data
            try:
                data = connection.recv(READ_BYTES)
                if not data:
                    raise ConnectionError("closed")
                if not response.feed(data):
                    continue
                errors += response.status != 200
                answers += 1
                now_ns = time.perf_counter_ns()
                times.append((now_ns - began_at[connection]) / 1e6)
                selector.modify(connection, selectors.EVENT_READ, Response())
                began_at[connection] = now_ns
                connection.sendall(request)
            except OSError:
                errors += 1
                selector.unregister(connection)
                connection.close()
                ask()
    memory.append((answers, host.memory_mib()))
    for key in list(selector.get_map().values()):
        key.fileobj.close()
    return answers, errors, times, memory


def arguments():
    release = os.path.join(os.environ.get("CARGO_TARGET_DIR", os.path.join(ROOT, "target")), "release")
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--iommi", default=os.path.join(release, "iommi"))
    parser.add_argument("--handler", default=os.path.join(release, "profiles"))
    parser.add_argument("--requests", type=int, default=10_000)
    parser.add_argument("--connections", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--json", metavar="FILE", help="writes the figures for `cargo xtask bench`")
    return parser.parse_args()


def one_connection(handler_port, platform, requests, found):
    straight, through = added(handler_port, platform.port, requests)
    print(f"one connection, {requests} requests each way, in turn")
    medians = statistics.median(straight), statistics.median(through)
    p99s = percentile(straight, 0.99), percentile(through, 0.99)
    for name, (own, all_of_it) in (("median", medians), ("p99", p99s)):
        found.figure(f"straight to the handler, ms, {name}", own)
        found.figure(f"through the host, ms, {name}", all_of_it)
        found.figure(f"the host adds, ms, {name}", all_of_it - own, ADDED_MEDIAN_TARGET_MS if name == "median" else None)


def many_connections(platform, handler, wanted, found):
    before = platform.host.cpu_s(), handler.cpu_s()
    answers, errors, times, memory = load(platform.port, wanted.connections, wanted.seconds, platform.host)
    host_us, handler_us = (
        (process.cpu_s() - cpu) / max(answers, 1) * 1e6
        for process, cpu in zip((platform.host, handler), before)
    )
    beside = f"{wanted.connections} connections"
    found.figure(f"{beside}: answers a second", answers / wanted.seconds)
    found.figure(f"{beside}: errors", errors, 0)
    found.figure(f"{beside}: through the host, ms, median", statistics.median(times))
    found.figure(f"{beside}: through the host, ms, p99", percentile(times, 0.99))
    found.figure(f"{beside}: the host's CPU a request, µs", host_us)
    found.figure(f"{beside}: the handler's CPU a request, µs", handler_us)
    found.figure("host's memory at the end, MiB", memory[-1][1])
    level = next((mib for count, mib in memory if count >= LEVEL_AFTER_ANSWERS), None)
    if level is None:
        print(f"too short to judge the growth of memory: fewer than {LEVEL_AFTER_ANSWERS} answers")
    else:
        found.figure(f"host's memory, growth after {LEVEL_AFTER_ANSWERS} answers, MiB", memory[-1][1] - level, GROWTH_TARGET_MIB)


def main():
    wanted, found = arguments(), Found()
    for binary in (wanted.iommi, wanted.handler):
        if not os.path.isfile(binary):
            sys.exit(f"{binary} is missing; build it: cargo build --release -p local-host -p profiles")
    with tempfile.TemporaryDirectory() as folder:
        package("profiles", wanted.handler, folder)
        with Platform(wanted.iommi, folder) as platform:
            with connect(platform.port) as first:
                exchange(first, get(PATH))
            handler_port, handler = platform.handler()
            print(f"{os.cpu_count()} CPUs, load {os.getloadavg()[0]:.1f}")
            found.figure("host's memory at rest, MiB", platform.host.memory_mib())
            one_connection(handler_port, platform, wanted.requests, found)
            many_connections(platform, handler, wanted, found)
    found.write(wanted.json)
    return 1 if found.missed else 0


if __name__ == "__main__":
    sys.exit(main())
