#!/usr/bin/env python3
"""From exec to the first answer: starts a handler again and again and times its first reply.

Usage: bench/cold-start/measure.py BINARY [RUNS]   (default 50 runs)
Prints milliseconds: median, 95th percentile, worst; and the resident memory after the first answer.
"""
import json
import os
import statistics
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "host"))
from found import percentile  # noqa: E402
from handler_process import HandlerProcess  # noqa: E402
from platform_run import ROOT  # noqa: E402


def liveness(binary):
    """Where the app says that it is alive: the route of its function `health`."""
    described = json.loads(subprocess.run([binary, "--describe"], check=True, capture_output=True).stdout)
    health = next(function for function in described["functions"] if function["name"] == "health")
    return "/" + health["route"].replace("{probe}", "live")


def first_answer(binary, path, environment):
    with HandlerProcess([binary], environment) as handler:
        return handler.first_answer_ms(path), handler.system.memory_mib()


def main():
    binary, runs = os.path.abspath(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 50
    with open(os.path.join(ROOT, "local.settings.sample.json")) as settings:
        environment = {**os.environ, **json.load(settings)["Values"]}
    path = liveness(binary)
    first_answer(binary, path, environment)
    samples = [first_answer(binary, path, environment) for _ in range(runs)]
    times = [elapsed for elapsed, _ in samples]
    print(f"first answer of {runs} starts: median {statistics.median(times):.1f} ms, "
          f"p95 {percentile(times, 0.95):.1f} ms, worst {max(times):.1f} ms; memory {max(mib for _, mib in samples):.1f} MiB")


if __name__ == "__main__":
    main()
