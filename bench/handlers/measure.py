#!/usr/bin/env python3
"""Our handler of profiles beside the same in Node and Python: first answers, memory, load, processor, size, dollars.

Usage: bench/handlers/measure.py [--iommi PATH] [--handler PATH] [--load PATH] [--rounds N] [--quick] [--json FILE]

Build first: cargo build --release -p local-host -p profiles -p bench-load

All read the same profiles of the same local Cosmos DB, each with Azure's own SDK for its language, and are measured in turn,
round by round: whatever else the machine does meets all alike. Installs the peers below target/ (Node 20, npm, pip).
"""
import argparse
import contextlib
import json
import os
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "host"))
import agreement  # noqa: E402
import contenders  # noqa: E402
import prices  # noqa: E402
from data import Data, of_cosmos, of_handler  # noqa: E402
from data_services import APP  # noqa: E402
from figures import Figures  # noqa: E402
from found import percentile  # noqa: E402
from handler_process import HandlerProcess  # noqa: E402
from load import CLOSED_CONNECTIONS, OPEN_CONNECTIONS, Load, Sink  # noqa: E402
from package_size import zipped_mb  # noqa: E402
from platform_run import ROOT, package  # noqa: E402
from profile_documents import profile_id  # noqa: E402

LIVE = "/v1/health/live"
RATES = (200, 500, 1_000, 2_000)
SLOW_RATE = RATES[0]
# Ours starts a hundred times as fast, and its 95th percentile is asked for.
STARTS, STARTS_OF_OURS = 4, 20
SETTLING_S = 1


class Plan:
    def __init__(self, options):
        quick = options.quick
        self.rounds = options.rounds or (2 if quick else 4)
        self.warm_up_s, self.closed_s, self.open_s = (1, 2, 2) if quick else (2, 4, 4)
        self.rates = RATES[::2] if quick else RATES
        self.starts = 2 if quick else STARTS
        self.starts_of_ours = 10 if quick else STARTS_OF_OURS


def in_turn(everybody, number):
    """Who comes first changes from round to round."""
    return everybody[number % len(everybody):] + everybody[:number % len(everybody)]


def first_answers(plan, everybody, figures):
    took = {}
    for number in range(plan.rounds):
        for one in in_turn(everybody, number):
            starts = plan.starts_of_ours if one.name.startswith("ours") else plan.starts
            for what, path in (("health", LIVE), ("profile", of_handler(profile_id(number)))):
                times = [first_answer(one, path) for _ in range(starts)]
                took.setdefault((what, one.name), []).extend(times)
                figures.sample(f"first-{what}-p50", f"exec → first {what}, median of a round", "ms", one.name, percentile(times, 0.5))
    for (what, name), times in took.items():
        figures.sample(f"first-{what}-p95", f"exec → first {what}, p95 of all {starts_told(plan)}", "ms", name, percentile(times, 0.95))


def starts_told(plan):
    return f"starts (ours {plan.rounds * plan.starts_of_ours}, each peer {plan.rounds * plan.starts})"


def first_answer(one, path):
    with HandlerProcess(one.command, one.environment, one.folder) as handler:
        return handler.first_answer_ms(path)


def under_load(plan, one, load, data, requests, figures):
    with HandlerProcess(one.command, one.environment, one.folder) as handler:
        handler.first_answer_ms(of_handler(profile_id(0)))
        time.sleep(SETTLING_S)
        figures.sample("memory-idle", "memory after the first profile", "MiB", one.name, handler.system.memory_mib())
        load.closed(handler.port, requests["health"], plan.warm_up_s)
        load.closed(handler.port, requests["profile"], plan.warm_up_s)
        health(plan, one.name, handler, load, requests["health"], figures)
        closed(plan, one.name, handler, load, data, requests["profile"], figures)
        for rate in plan.rates:
            at_a_rate(plan, one.name, handler, load, requests["profile"], rate, figures)
        figures.sample("memory-loaded", "memory after load", "MiB", one.name, handler.system.memory_mib())
        figures.sample("memory-peak", "memory, the most ever", "MiB", one.name, handler.system.peak_mib())


def health(plan, name, handler, load, requests, figures):
    before = handler.cpu_s()
    told = load.closed(handler.port, requests, plan.closed_s)
    cpu_s = handler.cpu_s() - before
    figures.sample("health-a-second", f"health, {CLOSED_CONNECTIONS} connections", "1/s", name, told["aSecond"], "higher")
    figures.sample("health-per-core", "health, for each core of the handler", "1/s", name, told["answered"] / cpu_s, "higher")


def closed(plan, name, handler, load, data, requests, figures):
    before, data_before = handler.cpu_s(), data.process.cpu_s()
    told = load.closed(handler.port, requests, plan.closed_s)
    cpu_us = (handler.cpu_s() - before) / told["answered"] * 1e6
    data_us = (data.process.cpu_s() - data_before) / told["answered"] * 1e6
    beside = f"GET profile, {CLOSED_CONNECTIONS} connections"
    figures.sample("get-a-second", beside, "1/s", name, told["aSecond"], "higher")
    figures.sample("get-p50", f"{beside}, p50", "ms", name, told["p50Ms"])
    figures.sample("get-p99", f"{beside}, p99", "ms", name, told["p99Ms"])
    figures.sample("cpu-per-get", "CPU per GET profile, closed loop", "µs", name, cpu_us)
    figures.sample("cosmos-cpu-per-get", "the local Cosmos DB's CPU meanwhile, per GET", "µs", name, data_us)


def at_a_rate(plan, name, handler, load, requests, rate, figures):
    before = handler.cpu_s()
    told = load.open(handler.port, requests, plan.open_s, rate)
    cpu_us = (handler.cpu_s() - before) / told["answered"] * 1e6
    beside = f"GET profile at {rate:,}/s"
    figures.sample(f"open-{rate}-p50", f"{beside}, p50", "ms", name, told["p50Ms"])
    figures.sample(f"open-{rate}-p99", f"{beside}, p99", "ms", name, told["p99Ms"])
    held = min(1.0, told["answered"] / told["asked"]) * 100
    figures.sample(f"open-{rate}-held", f"{beside}, answered by the end", "%", name, held, "higher")
    if rate == SLOW_RATE:
        figures.sample("cpu-per-get-slow", f"CPU per {beside}", "µs", name, cpu_us)
    if told["lateP99Ms"] is not None:
        figures.sample(f"open-{rate}-late", f"{beside}: late by the load itself, p99", "ms", name, told["lateP99Ms"], None)


def size_and_price(everybody, figures):
    table = prices.table()
    for one in everybody:
        if one.name != "ours-telemetry":
            figures.sample("package", "package, zipped", "MB", one.name, zipped_mb(one.deployed))
        cpu_s = figures.median("cpu-per-get", one.name) / 1e6
        figures.sample("dollars-compute", "dollars per million GETs, instances", "$", one.name, prices.compute(table, cpu_s))
        figures.sample("dollars", "dollars per million GETs, executions included", "$", one.name, prices.total(table, cpu_s))
    figures.notes.append(prices.note(table))


def measure(options, data, app_folder, sink):
    plan, figures, load = Plan(options), Figures(), Load(options.load)
    everybody = [
        contenders.ours("ours", options.handler, app_folder, data.settings),
        contenders.node(data.settings),
        contenders.python(data.settings),
        contenders.ours("ours-telemetry", options.handler, app_folder, data.settings, OTEL_EXPORTER_OTLP_ENDPOINT=sink.url),
    ]
    agree(everybody)
    requests = {"health": data.requests("health.txt", lambda _: LIVE), "profile": data.requests("profile.txt", of_handler)}
    first_answers(plan, everybody, figures)
    direct = data.requests("cosmos.txt", of_cosmos)
    for number in range(plan.rounds):
        told = load.closed(data.cosmos_port, direct, plan.closed_s)
        figures.sample("cosmos-a-second", f"the local Cosmos DB alone, {CLOSED_CONNECTIONS} connections", "1/s", "cosmos", told["aSecond"], "higher")
        for one in in_turn(everybody, number):
            under_load(plan, one, load, data, requests, figures)
    size_and_price(everybody, figures)
    figures.versions = contenders.versions()
    figures.notes.append(f"At a rate an answer takes from the moment at which it was due, over at most {OPEN_CONNECTIONS} connections "
                         f"for {plan.open_s} s; a request that found none until the end counts with the time that it had waited.")
    return figures


def agree(everybody):
    with contextlib.ExitStack() as until_here:
        started = (HandlerProcess(one.command, one.environment, one.folder) for one in everybody)
        running = {one.name: until_here.enter_context(handler) for one, handler in zip(everybody, started)}
        for handler in running.values():
            handler.first_answer_ms(LIVE)
        agreement.hold({name: handler.port for name, handler in running.items()})


def arguments():
    release = os.path.join(os.environ.get("CARGO_TARGET_DIR", os.path.join(ROOT, "target")), "release")
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--iommi", default=os.path.join(release, "iommi"))
    parser.add_argument("--handler", default=os.path.join(release, APP))
    parser.add_argument("--load", default=os.path.join(release, "bench-load"))
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--json", metavar="FILE")
    return parser.parse_args()


def main():
    # With it each answer 404 would cost a backtrace, in the data services.
    os.environ["RUST_BACKTRACE"] = "0"
    options = arguments()
    options.handler, options.load = os.path.abspath(options.handler), os.path.abspath(options.load)
    with tempfile.TemporaryDirectory() as app_folder, Data(os.path.abspath(options.iommi)) as data:
        package(APP, options.handler, app_folder)
        sink = Sink(options.load)
        figures = measure(options, data, app_folder, sink)
        came = sink.close()
    figures.notes.append(f"With telemetry: {came['requests']:,} exports, {came['bytes'] / 1e6:,.1f} MB, to a process that forgets them."
                         if came["requests"] else "This build exports no telemetry: both variants of ours are the same.")
    figures.show()
    if options.json:
        with open(options.json, "w") as file:
            json.dump(figures.as_json(), file, ensure_ascii=False, indent=1)


if __name__ == "__main__":
    main()
