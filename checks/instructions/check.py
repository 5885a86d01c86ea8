"""Holds counts against those that are accepted: `check.py ROOT MEASURED [--accept]`. Exits with 1 if something grew."""
import json
import pathlib
import sys

from history import accepted_before, earlier
from rules import Rules, short

ACCEPTED = "bench/instructions/accepted.json"
CPUS = pathlib.Path("/proc/cpuinfo")


def comparable():
    """Valgrind shows a program what the processor has: on one without AVX2 other loops run."""
    return " avx2 " in CPUS.read_text().replace("\n", " ") if CPUS.exists() else False


def show(measured, accepted):
    for name, count in sorted(measured.items()):
        was = accepted.get(name)
        change = "new" if was is None else f"{count / was - 1:+.1%}"
        print(f"  {name:14} {short(count):>8}  {change:>7}  ({count:,}; accepted {'nothing' if was is None else f'{was:,}'})")


def main():
    root, measured = pathlib.Path(sys.argv[1]), json.loads(pathlib.Path(sys.argv[2]).read_text())
    file = root / ACCEPTED
    accepted = json.loads(file.read_text()) if file.exists() else {}
    changelog = (root / "CHANGELOG.md").read_text()
    if not earlier(root):
        print("there is no history: accepted counts are not held against earlier ones")
    rules = Rules(accepted, accepted_before(root, ACCEPTED), changelog)
    show(measured, accepted)
    if "--accept" in sys.argv[3:]:
        accepted = rules.newly_accepted(measured)
        file.write_text(json.dumps(accepted, indent=2) + "\n")
        print(f"{ACCEPTED} written")
        rules = Rules(accepted, rules.before, changelog)
    if not comparable():
        # The accepted file is still held against its history.
        print("this processor has no AVX2: what was counted is not compared")
        measured = accepted
    found = rules.findings(measured)
    print("".join(f"FAILED: {finding}\n" for finding in found) or f"ok: {len(measured)} counts, none grew without a word")
    sys.exit(1 if found else 0)


main()
