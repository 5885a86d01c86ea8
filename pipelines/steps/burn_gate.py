#!/usr/bin/env python3
"""Whether a release uses up the month's budget of errors too fast.

The budget is 100 % minus the SLO. A burn rate of 1 uses it up in exactly a month; 14.4, the rate of the alert that
wakes people, uses 2 % of it in an hour. The gate stops at that rate over any five minutes
since it began to watch: what was before is not this release's doing. Too few requests are no evidence, and let a release
pass with a word about it.

Samples are minutes: [{"minute": 0, "total": 120, "failed": 3}, ...], minute 0 being the first that is watched.
"""
import argparse
import json
import pathlib
import subprocess
import sys
import time

OBJECTIVES = pathlib.Path(__file__).resolve().parents[2] / "terraform" / "objectives.json"

MAX_BURN_RATE = 14.4
WINDOW_MINUTES = 5
MIN_REQUESTS = 50
# Telemetry comes some minutes after what it tells of.
INGESTION_MINUTES = 4
POLL_S = 60
QUERY_DEADLINE_S = 120
MAX_FAILED_QUERIES = 5

# A request of a client fails with 5xx; work that nobody waits for fails when its function does.
QUERY = """AppRequests
| where TimeGenerated between (datetime({since}) .. datetime({until})) and AppRoleName =~ '{role}'
| extend Bad = iff(isempty(Url), Success == false, toint(ResultCode) >= 500)
| summarize total = sum(ItemCount), failed = sumif(ItemCount, Bad) by minute = tolong((TimeGenerated - datetime({since})) / 1m)
| order by minute asc"""


def promised(app):
    """How many of a hundred requests must not fail: what the app says of itself, else what every app promises."""
    said = json.loads(OBJECTIVES.read_text())
    own = [one for one in said["apps"].get(app, []) if one["name"] == "availability"]
    every = [one for one in said["everyApp"] if one["name"] == "availability"]
    return [*own, *every][0]["percent"]


def burn_rate(samples, slo_percent):
    """The rate over the latest window, and the requests in it."""
    if not samples:
        return 0.0, 0
    last = max(int(sample["minute"]) for sample in samples)
    window = [sample for sample in samples if int(sample["minute"]) > last - WINDOW_MINUTES]
    total = sum(int(sample["total"]) for sample in window)
    failed = sum(int(sample["failed"]) for sample in window)
    return (failed / total / (1 - slo_percent / 100) if total else 0.0), total


def judge(samples, slo_percent):
    """`stop`, `go on` or `unknown`, and why."""
    rate, total = burn_rate(samples, slo_percent)
    said = f"burn rate {rate:.1f} (limit {MAX_BURN_RATE}) over {total} requests"
    if total < MIN_REQUESTS:
        return "unknown", f"{said}: fewer than {MIN_REQUESTS} are no evidence"
    return ("stop" if rate >= MAX_BURN_RATE else "go on"), said


def replay(samples, slo_percent):
    """Judges minute by minute, as it would have been live; the first `stop` ends it."""
    verdict = ("unknown", "no samples")
    for last in sorted({int(sample["minute"]) for sample in samples}):
        verdict = judge([sample for sample in samples if int(sample["minute"]) <= last], slo_percent)
        if verdict[0] == "stop":
            break
    return verdict


def ask(workspace, role, since, until):
    def text(moment):
        return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(moment))

    query = QUERY.format(since=text(since), until=text(until), role=role)
    command = ["az", "monitor", "log-analytics", "query", "--workspace", workspace, "--analytics-query", query]
    answer = subprocess.run(
        [*command, "--output", "json"], check=True, capture_output=True, text=True, timeout=QUERY_DEADLINE_S
    )
    return json.loads(answer.stdout)


def watch(workspace, role, minutes, slo_percent):
    since = time.time()
    ends = since + (minutes + INGESTION_MINUTES) * 60
    verdict, refused = ("unknown", "no telemetry came"), 0
    while True:
        try:
            # Only what is watched, and not the minute that is still being counted.
            until = min(since + minutes * 60, time.time())
            verdict = replay(ask(workspace, role, since, until), slo_percent)
            refused = 0
        except (subprocess.SubprocessError, ValueError) as error:
            refused += 1
            print(f"asking for telemetry: {error}", file=sys.stderr, flush=True)
            if refused >= MAX_FAILED_QUERIES:
                return "stop", f"telemetry could not be read {refused} times: nobody can see whether this release works"
        else:
            print(f"{time.strftime('%H:%M:%S', time.gmtime())}Z {verdict[0]}: {verdict[1]}", flush=True)
            if verdict[0] == "stop":
                return verdict
        if time.time() >= ends:
            return verdict
        time.sleep(min(POLL_S, max(0, ends - time.time())))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--app", default="", help="whose promise it is (terraform/objectives.json)")
    parser.add_argument("--slo-percent", type=float, help="another than that")
    parser.add_argument("--samples", help="a file of samples instead of Azure")
    parser.add_argument("--workspace", help="the Log Analytics workspace")
    parser.add_argument("--role", help="the function app's name")
    parser.add_argument("--minutes", type=int, default=15, help="how long to watch (15)")
    options = parser.parse_args()
    slo_percent = options.slo_percent or promised(options.app)
    if options.samples:
        with open(options.samples) as file:
            verdict = replay(json.load(file), slo_percent)
    elif options.workspace and options.role:
        verdict = watch(options.workspace, options.role, options.minutes, slo_percent)
    else:
        parser.error("--samples, or --workspace and --role")
    print(f"{verdict[0]}: {verdict[1]}")
    sys.exit(1 if verdict[0] == "stop" else 0)


if __name__ == "__main__":
    main()
