#!/usr/bin/env python3
"""How soon a fact is in its consumer's store, and how many events a second a consumer takes.

Usage: bench/events/flow.py [--binaries DIR] [--accounts N] [--events N] [--only idle|consumer]

Build first: cargo build --release --workspace --bin iommi --bin profiles --bin contacts --bin conversions

Everything runs on this machine: the host with the data services inside it, and one process of each app. Exits 1 when a target is
missed.
"""
import argparse
import http.client
import json
import os
import random
import shutil
import statistics
import sys
import tempfile
import time
import uuid
from datetime import datetime, timezone
from urllib.parse import urlsplit

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "host"))
from asking import ask, told  # noqa: E402
from found import Found, percentile  # noqa: E402
from platform_run import ROOT, Platform  # noqa: E402
from workspace import lay_out  # noqa: E402

# The last one because contacts reads a hub of it, too.
APPS = ("profiles", "contacts", "conversions")
HUB, TYPE = "account", "com.iommi.profiles.account-{}.v1"
PARTITIONS = 4
# What comes of one account: told once, told twice, or gone soon after. Two events a key, on average.
STORIES = (("activated",), ("activated", "activated"), ("activated", "activated", "deactivated"))
REVISIONS = {"activated": 1, "deactivated": 2}
SEED, PAUSES_S = 20261130, (0.5, 1.5)
ARRIVAL_DEADLINE_S, DONE_DEADLINE_S = 60, 600
BATCH = 500


class Flow:
    """A platform of its own, with what tells of accounts and what listens."""

    def __init__(self, parent, binaries):
        folder = tempfile.mkdtemp(dir=parent)
        lay_out(folder, binaries, APPS, ())
        settings = {"CARGO_TARGET_DIR": "target"}
        self.platform = Platform(os.path.join(binaries, "iommi"), workspace=folder, environment=settings)

    def __enter__(self):
        line = self.platform._line(lambda line: line["message"] == "started")
        self.gateway, _ = told(self.platform)
        self.hubs = urlsplit(line["eventHubsUrl"])
        self.register("warm")
        self.processes = {"contacts": self.platform.handler("contacts")[1]}
        return self

    def __exit__(self, *how):
        self.platform.__exit__(*how)

    def register(self, name):
        """Somebody's id; when it is given the fact is stored."""
        account = {"emailAddress": f"{name}@customers.example", "userName": name}
        body = {"account": account, "givenName": "Kim", "familyName": "Larsen"}
        profile = ask(self.gateway, "POST", "/v1/register", body)["id"]
        return profile

    def is_contact(self, profile):
        connection = http.client.HTTPConnection("127.0.0.1", self.gateway, timeout=ARRIVAL_DEADLINE_S)
        try:
            connection.request("GET", f"/contacts/v1/contacts/{profile}")
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        return answer.status == 200 and json.loads(content)["state"] == "active"

    def publish(self, partitions):
        """The events of each partition, in batches."""
        connection = http.client.HTTPConnection("127.0.0.1", self.hubs.port, timeout=ARRIVAL_DEADLINE_S)
        for first in range(0, max(map(len, partitions)), BATCH):
            for partition, events in enumerate(partitions):
                self.send(connection, partition, events[first:first + BATCH])
        connection.close()

    def mark(self, accounts):
        """One more event at the end of each partition: when the last is done, so is all before it."""
        connection = http.client.HTTPConnection("127.0.0.1", self.hubs.port, timeout=ARRIVAL_DEADLINE_S)
        for partition, account in enumerate(accounts):
            self.send(connection, partition, [event(account, "activated")])
        connection.close()

    @staticmethod
    def send(connection, partition, events):
        if not events:
            return
        headers = {"content-type": "application/vnd.microsoft.servicebus.json", "authorization": "Bearer anybody"}
        body = json.dumps([{"Body": json.dumps(event)} for event in events])
        connection.request("POST", f"/{HUB}/partitions/{partition}/messages", body, headers)
        answer = connection.getresponse()
        answer.read()
        if answer.status != 201:
            sys.exit(f"not taken: {answer.status}")


def profile_id(chance):
    """A UUID of version 7."""
    bits = chance.getrandbits(128) & ~(0xF << 76) & ~(0x3 << 62)
    return str(uuid.UUID(int=bits | 7 << 76 | 2 << 62))


def event(profile, what):
    now, revision = datetime.now(timezone.utc).isoformat().replace("+00:00", "Z"), REVISIONS[what]
    return {"specversion": "1.0", "id": f"{profile}-{revision}-account-{what}", "source": "/profiles", "type": TYPE.format(what),
            "subject": profile, "time": now, "datacontenttype": "application/json", "revision": revision,
            "data": {"profileId": profile, "at": now}}


def stories(chance, count):
    """About so many events, by partition: those of one account in one, in their order, between those of others."""
    partitions = [[] for _ in range(PARTITIONS)]
    while sum(map(len, partitions)) < count:
        told = []
        for _ in range(BATCH // 5):
            profile, moment = profile_id(chance), chance.random()
            for what in chance.choice(STORIES):
                told.append((moment, event(profile, what)))
                moment += chance.random() / 10
        told.sort(key=lambda one: one[0])
        partitions[chance.randrange(PARTITIONS)] += [one for _, one in told]
    return partitions


def idle(options, found):
    """One registration after the other, with pauses in which whoever looks comes to look as rarely as ever."""
    chance, all_s = random.Random(SEED), []
    with Flow(options.parent, options.binaries) as flow:
        for number in range(options.accounts + 1):
            time.sleep(chance.uniform(*PAUSES_S))
            profile = flow.register(f"idle{number}")
            began = time.monotonic()
            while not flow.is_contact(profile):
                if time.monotonic() > began + ARRIVAL_DEADLINE_S:
                    sys.exit(f"{profile} is no contact after {ARRIVAL_DEADLINE_S} s")
                time.sleep(0.01)
            all_s.append(time.monotonic() - began)
    # The first one woke everything.
    all_s = all_s[1:]
    print(f"{options.accounts} registrations one after the other; load {os.getloadavg()[0]:.1f}")
    found.figure("from the write to the consumer's store, s, median", statistics.median(all_s), 1.5)
    found.figure("from the write to the consumer's store, s, p99", percentile(all_s, 0.99))


def consumer(options, found):
    """Events of accounts that are new, and the same events once more."""
    with Flow(options.parent, options.binaries) as flow:
        chance = random.Random(SEED)
        partitions = stories(chance, options.events)
        count = sum(map(len, partitions))
        for what, target in (("new to the consumer, each stored", None), ("that were done before", 5_000)):
            marks = [profile_id(chance) for _ in range(PARTITIONS)]
            cpu_s, began = flow.processes["contacts"].cpu_s(), time.monotonic()
            flow.publish(partitions)
            flow.mark(marks)
            sent_s = time.monotonic() - began
            while not all(map(flow.is_contact, marks)):
                if time.monotonic() > began + DONE_DEADLINE_S:
                    sys.exit(f"not all of {count} events are done after {DONE_DEADLINE_S} s")
                time.sleep(0.05)
            took_s = time.monotonic() - began
            print(f"{count} events {what}, sent in {sent_s:.1f} s; load {os.getloadavg()[0]:.1f}")
            found.figure("events a second", count / took_s, target, "at least")
            cpu_us = 1e6 * (flow.processes["contacts"].cpu_s() - cpu_s) / count
            found.figure("processor of the consumer for an event, µs", cpu_us)
        found.figure("memory of the consumer, MiB, at most ever", flow.processes["contacts"].peak_mib(), 64)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binaries", default=os.path.join(ROOT, "target", "release"))
    parser.add_argument("--accounts", type=int, default=50)
    parser.add_argument("--events", type=int, default=5_000)
    parser.add_argument("--only", choices=("idle", "consumer"))
    options = parser.parse_args()
    options.parent, found = tempfile.mkdtemp(), Found()
    try:
        for part in (idle, consumer):
            if options.only in (None, part.__name__):
                part(options, found)
    finally:
        shutil.rmtree(options.parent, ignore_errors=True)
    sys.exit(1 if found.missed else 0)


if __name__ == "__main__":
    main()
