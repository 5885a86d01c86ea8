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
    options.add_argument("--json", action="store_true")
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
        sides = {"picture": [], "sharp": []}
        for _ in range(options.rounds):
            for name, command in (("picture", ours), ("sharp", theirs)):
                sides[name].append(run(command, core))
        report = {name: summary(rounds, options.pictures) for name, rounds in sides.items()}
        report["photo_bytes"] = photo.stat().st_size
    if options.json:
        print(json.dumps(report, indent=2))
        return
    print(f"photo: 4032 x 3024, {report['photo_bytes'] / 1e6:.1f} MB, turned by its Exif orientation")
    for name in sides:
        side = report[name]
        print(
            f"{name:8} {side['pictures_per_second_and_core']:5.2f} pictures per second and core, "
            f"{side['median_ms']:4.0f} ms in the median, peak {side['peak_mib']:4.0f} MiB, "
            f"original {side['original_mb']:.1f} MB"
        )


def summary(rounds, pictures):
    made = [line.get("outcome", line) for lines, *_ in rounds for line in lines]
    if any("original" not in line for line in made):
        sys.exit(f"not every picture was made: {made[0]}")
    return {
        "pictures_per_second_and_core": statistics.median(pictures / cpu for _, cpu, _, _ in rounds),
        "median_ms": statistics.median(line["milliseconds"] for lines, *_ in rounds for line in lines),
        "peak_mib": max(peak for *_, peak in rounds) / 2**20,
        "original_mb": made[0]["original"] / 1e6,
    }


if __name__ == "__main__":
    main()
