#!/usr/bin/env python3
"""How many orders are accepted, how fast they come to their mails, and what that costs.

Usage: bench/sales/measure.py [--binaries DIR] [--rate N] [--seconds N] [--backlog N] [--idle N] [--only accepted|pipeline|idle|picture]

Build first: cargo build --release --workspace --bin iommi --bin sales --bin profiles --bin vendor --bin email
             cargo build --release --workspace --example invoice-pictures

Everything runs on this machine: the host with the data services inside it, one process of each app, the vendor, the mail
service, and the customers in a process of their own. Exits 1 when a target is missed.
"""
import argparse
import os
import random
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

from shop import LOOK_EVERY_S, Shop
from asking import ask
from found import Found, percentile
from platform_run import ROOT

CLIENTS_DEADLINE_S = 1_800
# When nothing more arrives for so long, something is lost.
STALLED_S = 180
IDLE_DEADLINE_S = 90
SEED, PAUSES_S = 20261130, (0.5, 1.5)
STEPS = ("provision", "subscribe", "invoice_step", "document", "email_step")
# By then of a backlog all is at work that ever is: from there on memory must be level.
LEVEL_AFTER = 0.1
GROWTH_MIB = 8


def accepted(options, found):
    """Orders alone: no step is made meanwhile, as if the steps had instances of their own."""
    switched_off = {f"AzureWebJobs_{step}_Disabled": "true" for step in STEPS}
    with Shop(options.parent, options.binaries, switched_off) as shop:
        shop.customers(200, 0, "warm").begin(CLIENTS_DEADLINE_S)
        customers = shop.customers(int(options.rate * options.seconds), options.rate, "accepted")
        before = shop.cpu_s()
        told = customers.begin(CLIENTS_DEADLINE_S)
        print(f"orders at {options.rate:g} a second for {options.seconds:g} s; load {os.getloadavg()[0]:.1f}")
        found.figure("errors", told["errorCount"], 0)
        times = told["timesMs"]
        found.figure("orders accepted a second", len(times) / told["tookS"], 0.98 * options.rate, "at least")
        found.figure("from the moment at which it is due to its answer, ms, median", statistics.median(times))
        found.figure("the same, p99", percentile(times, 0.99), 50)
        report_processes(shop, found, before, told["tookS"], told["cpuS"])
        closed = shop.customers(int(options.rate * 5), 0, "closed").begin(CLIENTS_DEADLINE_S)
        found.figure("orders a second as fast as 64 connections can", len(closed["timesMs"]) / closed["tookS"])
        show(told["errors"] + closed["errors"])


def pipeline(options, found):
    """A backlog of orders from the first to the last mail."""
    with Shop(options.parent, options.binaries) as shop:
        shop.customers(50, 0, "warm").begin(CLIENTS_DEADLINE_S)
        until(shop, 50)
        before, began = shop.cpu_s(), time.monotonic()
        told = shop.customers(options.backlog, 0, "backlog").begin(CLIENTS_DEADLINE_S)
        placed_s, at_work = time.monotonic() - began, shop.mails() - 50
        memory = until(shop, 50 + len(told["timesMs"]))
        took_s = time.monotonic() - began
        print(f"{options.backlog} orders at once; load {os.getloadavg()[0]:.1f}")
        found.figure("errors", told["errorCount"], 0)
        found.figure("all were placed after, s", placed_s)
        found.figure("mails by then", at_work)
        found.figure("orders a second, from the first order to the last mail", options.backlog / took_s, 60, "at least")
        since = [mib for mails, mib in memory if mails >= LEVEL_AFTER * options.backlog]
        found.figure("memory of sales after a tenth of the mails, MiB", since[0])
        found.figure("growth since then, MiB, at most", max(since) - since[0], GROWTH_MIB)
        report_processes(shop, found, before, took_s, told["cpuS"])
        show(told["errors"])


def until(shop, wanted):
    """Waits for so many mails; meanwhile how many there were, and the memory of `sales`."""
    memory, last, since = [], -1, time.monotonic()
    while last < wanted:
        now = shop.mails()
        if now != last:
            memory.append((now, shop.processes["sales"].memory_mib()))
            last, since = now, time.monotonic()
        elif time.monotonic() > since + STALLED_S:
            sys.exit(f"{now} mails of {wanted}, and no more for {STALLED_S} s")
        time.sleep(LOOK_EVERY_S)
    return memory


def idle(options, found):
    """One order after the other, with pauses in which listeners come to look as rarely as they ever do."""
    chance, all_s = random.Random(SEED), []
    with Shop(options.parent, options.binaries) as shop:
        for number in range(options.idle + 1):
            time.sleep(chance.uniform(*PAUSES_S))
            address = f"idle-{number}@customers.example"
            buyer = {"name": "Kim Larsen", "emailAddress": address,
                     "address": {"street": "Havnegade 1", "city": "København", "country": "DK"}}
            body = {"lines": [{"serviceId": "night-watch", "quantity": 3, "months": 12}], "buyer": buyer}
            path = f"/v1/profiles/{shop.profiles[number % len(shop.profiles)]}/orders"
            began = time.time()
            ask(shop.gateway, "POST", path, body, {"idempotency-key": f"idle-{number}"})
            all_s.append(shop.mail_accepted_at(address, IDLE_DEADLINE_S) - began)
    # The first one woke everything.
    all_s = all_s[1:]
    print(f"{options.idle} orders one after the other; load {os.getloadavg()[0]:.1f}")
    found.figure("from the order to its mail, s, median", statistics.median(all_s), 4.0)
    found.figure("from the order to its mail, s, p99", percentile(all_s, 0.99), 8.0)


def picture(options, found):
    program = os.path.join(options.binaries, "examples", "invoice-pictures")
    if not os.path.isfile(program):
        sys.exit(f"{program} is missing: cargo build --release --workspace --example invoice-pictures")
    told = subprocess.run([program, "english"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    cpu_ms, peak_kib = re.search(r"english: ([0-9.]+) ms .* peak ([0-9]+) kB", told).groups()
    print(f"a picture with its UBL attached; load {os.getloadavg()[0]:.1f}")
    found.figure("a picture, ms of a processor", float(cpu_ms), 5)
    found.figure("memory, MiB, at most ever", int(peak_kib) / 1024, 16)


def report_processes(shop, found, before, took_s, clients_cpu_s):
    cores = {name: (used - before[name]) / took_s for name, used in shop.cpu_s().items()}
    cores["customers"] = clients_cpu_s / took_s
    for name, process in shop.processes.items():
        found.figure(f"memory of {name}, MiB, at most ever", process.peak_mib(), 64 if name == "sales" else None)
    print("cores in use: " + ", ".join(f"{name} {used:.2f}" for name, used in cores.items()))


def show(errors):
    for error in errors:
        print(f"  {error}")


def main():
    # With it each answer 404 would cost a backtrace, in the services and in the handlers.
    os.environ["RUST_BACKTRACE"] = "0"
    release = os.path.join(os.environ.get("CARGO_TARGET_DIR", os.path.join(ROOT, "target")), "release")
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binaries", default=release, help="the folder with iommi, sales, profiles, vendor, email and examples/")
    parser.add_argument("--rate", type=float, default=300)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--backlog", type=int, default=10_000)
    parser.add_argument("--idle", type=int, default=100)
    measures = {"accepted": accepted, "pipeline": pipeline, "idle": idle, "picture": picture}
    parser.add_argument("--only", choices=measures)
    parser.add_argument("--json", metavar="FILE", help="writes the figures for `cargo xtask bench`")
    options = parser.parse_args()
    options.binaries = os.path.abspath(options.binaries)
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    options.parent, found = tempfile.mkdtemp(), Found()
    try:
        for name, measure in measures.items():
            if options.only in (None, name):
                found.about = name
                measure(options, found)
    finally:
        shutil.rmtree(options.parent)
    found.write(options.json)
    sys.exit(1 if found.missed else 0)


if __name__ == "__main__":
    main()
