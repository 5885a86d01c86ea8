#!/usr/bin/env python3
"""What things cost in instructions, which a busy machine does not change.

Usage: bench/instructions/count.py --handler FILE --program FILE --data FILE   (checks/instructions/run builds and passes them)
Prints a JSON object: a count for each name of README.md. With --profile DIR it leaves there what callgrind_annotate reads, of the
longest run of each; the binaries must have names for that.
"""
import argparse
import json
import os

from callgrind import Counted
from data_service import DataService
from handler import instructions

HEALTH = "/v1/health/live"
PROFILE = "/v1/profiles/01980c6e-1111-7000-8000-000000000001"
# Few and many, so that the start is in both, and the difference is the cost of one.
REPEATED = (200, 1200)
ASKED = (100, 400)
# A start is counted more than once; the least is what it takes when nothing happens by the clock beside it.
STARTS = 3


def of_one(few_and_many, run):
    few, many = few_and_many
    least = run(few)
    return round((run(many) - least) / (many - few))


class Counts:
    def __init__(self, handler, program, data, profiles):
        self.handler, self.program, self.data, self.profiles = handler, program, data, profiles

    def _profile(self, name):
        # A later run overwrites an earlier one: the longest is the last.
        return self.profiles and os.path.join(self.profiles, name)

    def repeated(self, what):
        def run(count):
            with Counted([self.program, what, str(count)], {}, self._profile(what)) as counted:
                return counted.ended()
        return of_one(REPEATED, run)

    def asked(self, name, path):
        return of_one(ASKED, lambda count: instructions(self.handler, self.data, path, count, self._profile(name)))

    def first(self, name, path):
        return min(instructions(self.handler, self.data, path, 1, self._profile(name)) for _ in range(STARTS))

    def all(self):
        return {
            "envelope": self.repeated("envelope"),
            "route": self.repeated("route"),
            "get-health": self.asked("get-health", HEALTH),
            "get-profile": self.asked("get-profile", PROFILE),
            "first-health": self.first("first-health", HEALTH),
            "first-profile": self.first("first-profile", PROFILE),
        }


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("handler", "program", "data"):
        parser.add_argument(f"--{name}", required=True, type=os.path.abspath)
    parser.add_argument("--profile", type=os.path.abspath)
    wanted = parser.parse_args()
    if wanted.profile:
        os.makedirs(wanted.profile, exist_ok=True)
    with DataService(wanted.data, "profiles") as data:
        print(json.dumps(Counts(wanted.handler, wanted.program, data, wanted.profile).all(), indent=2))


if __name__ == "__main__":
    main()
