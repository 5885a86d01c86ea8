"""Dollars for a million requests, from the processor that one takes."""
import json
import os

HERE = os.path.dirname(os.path.abspath(__file__))
MILLION = 1_000_000


def table():
    with open(os.path.join(HERE, "prices.json")) as prices:
        return json.load(prices)


def compute(prices, cpu_s):
    """Gigabyte-seconds of instances that are so busy with this that another one is started."""
    instance_s = MILLION * cpu_s / (prices["instanceCores"] * prices["usedAtMost"])
    return instance_s * prices["instanceGigabytes"] * prices["perGigabyteSecond"]


def total(prices, cpu_s):
    return compute(prices, cpu_s) + prices["perMillionExecutions"]


def note(prices):
    return (f"Dollars: {prices['plan']}, {prices['date']} ({prices['source']}): {prices['perMillionExecutions']:.2f} a million "
            f"executions, {prices['perGigabyteSecond']:g} a GB-s; instances of {prices['instanceGigabytes']:g} GB with "
            f"{prices['instanceCores']:g} of a core, busy to {prices['usedAtMost']:.0%}; CPU per GET of the closed loop, on this "
            f"machine's cores. Left out: {prices['left out']}.")
