"""Runs the console blocks of tours in one shell, and holds each output against what is printed below the command: a
status line, a line with … for what differs each time, or nothing (then the command must succeed). `tour.py FILE…`; a tour
stands between two marks `<!-- … tour -->` of the same words."""

import pathlib
import re
import subprocess
import sys
import tempfile

MARK = re.compile(r"<!-- (?:\w+ )?tour -->")
DEADLINE_S = 240


def steps(text):
    for mark in dict.fromkeys(MARK.findall(text)):
        for block in re.findall(r"```console\n(.*?)```", text.split(mark)[1], re.S):
            lines = block.replace("\\\n", "\\\0").splitlines()
            command = lines[0].removeprefix("$ ").replace("\\\0", "\\\n")
            yield command, lines[1] if len(lines) > 1 else None


def as_printed(expected, output):
    if expected is None:
        return True
    parts = [re.escape(part) for part in expected.split("…")]
    return re.search("^" + ".*".join(parts), output.replace("\r", ""), re.M | re.S) is not None


def main():
    tour = [step for path in sys.argv[1:] for step in steps(pathlib.Path(path).read_text())]
    with tempfile.TemporaryDirectory() as folder:
        script = []
        for number, (command, _) in enumerate(tour):
            script.append(f"{{ {command}\n}} >{folder}/{number}.out 2>&1; echo $? >{folder}/{number}.code")
        script.append("rm -f lake-thumb.jpg")
        try:
            subprocess.run(["bash", "-c", "\n".join(script)], timeout=DEADLINE_S, check=True)
        except subprocess.TimeoutExpired:
            print(f"the tour is not through after {DEADLINE_S} s; the step without an exit code hangs")
        wrong = 0
        for number, (command, expected) in enumerate(tour):
            code = pathlib.Path(folder, f"{number}.code")
            code = code.read_text().strip() if code.exists() else "none"
            output = pathlib.Path(folder, f"{number}.out")
            output = output.read_text(errors="replace") if output.exists() else ""
            if code != "0" or not as_printed(expected, output):
                wrong += 1
                print(f"NOT AS PRINTED: {command}\nexpected: {expected}\nexit code {code}, output:\n{output[:2000]}\n")
        print(f"{len(tour) - wrong} of {len(tour)} commands answer as printed")
        sys.exit(1 if wrong or len(tour) < 25 else 0)


main()
