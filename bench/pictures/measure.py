#!/usr/bin/env python3
"""12-megapixel JPEGs through crates/picture and through Node's sharp, in turn, on one core each.

Needs a release build of the example `inspect`, Node 18 and npm; installs sharp below target/. Tells pictures per second
and core (by CPU time, so that other work on the machine does not count), seconds on the clock, and peak memory.
"""

import argparse
import json
import os
import pathlib
import resource
import statistics
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "host"))
from figures import Figures  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
DEPENDENCIES = ROOT / "target" / "bench-pictures"
SHARP = "sharp@0.35"


def install():
    if not (DEPENDENCIES / "node_modules" / "sharp").is_dir():
        DEPENDENCIES.mkdir(parents=True, exist_ok=True)
        subprocess.run(["npm", "install", "--silent", "--prefix", DEPENDENCIES, SHARP], check=True)


def sharp(*arguments):
    return ["node", str(HERE / "pipeline.mjs"), str(DEPENDENCIES), *map(str, arguments)]


def run(command, core):
    """Runs a command on one core: (lines of its JSON, seconds of CPU, seconds, peak bytes of it and of its children)."""
    peak = 0
    started = time.monotonic()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with tempfile.TemporaryFile("w+") as written:
        process = subprocess.Popen(
            command, stdout=written, preexec_fn=lambda: os.sched_setaffinity(0, {core})
        )
        while process.poll() is None:
            peak = max(peak, resident(process.pid))
            time.sleep(0.002)
        written.seek(0)
        lines = [json.loads(line) for line in written]
    seconds = time.monotonic() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if process.returncode:
        sys.exit(f"{command[0]} ended with {process.returncode}")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return lines, cpu, seconds, peak


def resident(pid):
    """What a process and its children hold in memory now, by the kernel's page counts."""
    pids, total = [pid], 0
    while pids:
        pid = pids.pop()
        try:
            total += int(pathlib.Path(f"/proc/{pid}/statm").read_text().split()[1]) * resource.getpagesize()
            for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
                pids += map(int, (task / "children").read_text().split())
        except (OSError, ValueError, IndexError):
            continue
    return total


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--program", default=ROOT / "target" / "release" / "examples" / "inspect")
    options.add_argument("--pictures", type=int, default=20, help="in a round")
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--json", metavar="FILE", help="writes the figures for `cargo xtask bench`")
    options = options.parse_args()
    if not pathlib.Path(options.program).is_file():
        sys.exit("first: cargo build --release -p picture --example inspect")
    install()
    core = max(os.sched_getaffinity(0))
    with tempfile.TemporaryDirectory() as folder:
        photo = pathlib.Path(folder, "photo.jpg")
        photo.write_bytes(subprocess.run(sharp("make"), check=True, stdout=subprocess.PIPE).stdout)
        ours = [str(options.program), "--repeat", str(options.pictures), str(photo)]
        theirs = sharp(photo, options.pictures)
        figures = Figures()
        for _ in range(options.rounds):
            for name, command in (("ours", ours), ("sharp", theirs)):
                sample(figures, name, run(command, core), options.pictures)
        figures.notes.append(f"The photo: 4032 x 3024, {photo.stat().st_size / 1e6:.1f} MB, turned by its Exif orientation; "
                             f"{options.pictures} in a round.")
    figures.versions = {"node": version("node", "--version"), "sharp (npm)": installed()}
    figures.show()
    if options.json:
        pathlib.Path(options.json).write_text(json.dumps(figures.as_json(), ensure_ascii=False, indent=1))


def sample(figures, name, ran, pictures):
    lines, cpu_s, _, peak = ran
    made = [line.get("outcome", line) for line in lines]
    if any("original" not in line for line in made):
        sys.exit(f"not every picture was made: {made[0]}")
    figures.sample("pictures-per-core", "pictures for each second of a core", "1/s", name, pictures / cpu_s, "higher")
    figures.sample("median", "a picture on the clock, median of a round", "ms", name, statistics.median(line["milliseconds"] for line in lines))
    figures.sample("peak", "memory of all processes, the most ever", "MiB", name, peak / 2**20)
    figures.sample("original", "the original, written anew", "MB", name, made[0]["original"] / 1e6)


def version(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip().lstrip("v")


def installed():
    return json.loads((DEPENDENCIES / "node_modules" / "sharp" / "package.json").read_text())["version"]


if __name__ == "__main__":
    main()
