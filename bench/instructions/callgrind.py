"""A program under callgrind, and how many instructions it took."""
import os
import re
import signal
import subprocess
import tempfile

RUN_DEADLINE_S = 300
STOP_DEADLINE_S = 60
COLLECTED = re.compile(r"^==\d+== Collected : (\d+)$", re.M)
VALGRIND = os.environ.get("VALGRIND", "/usr/bin/valgrind")


class Counted:
    """A process under callgrind, with no environment but what is passed: a variable more may be code more."""

    def __init__(self, command, environment, profile=None):
        """`profile` is the file for what each function took, which says little of a binary without names."""
        self.folder = tempfile.TemporaryDirectory()
        self.log = os.path.join(self.folder.name, "log")
        profile = profile or os.path.join(self.folder.name, "profile")
        options = [f"--log-file={self.log}", f"--callgrind-out-file={profile}"]
        self.process = subprocess.Popen(
            [VALGRIND, "--tool=callgrind", *options, *command], env=environment, cwd=self.folder.name,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        )

    def ended(self):
        """The count of a program that ends by itself."""
        _, said = self.process.communicate(timeout=RUN_DEADLINE_S)
        if self.process.returncode:
            raise SystemExit(f"{self.process.args}: exit code {self.process.returncode}: {said}")
        return self._collected()

    def stopped(self):
        """The count of one that serves until it is told to end."""
        if self.process.poll() is not None:
            raise SystemExit(f"{self.process.args} ended too soon: {self.process.stderr.read()}")
        self.process.send_signal(signal.SIGTERM)
        self.process.communicate(timeout=STOP_DEADLINE_S)
        return self._collected()

    def _collected(self):
        with open(self.log) as log:
            text = log.read()
        found = COLLECTED.findall(text)
        if len(found) != 1:
            raise SystemExit(f"callgrind said no count:\n{text}")
        return int(found[0])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.folder.cleanup()
