"""Clients in a process of their own: what they need is not counted as the platform's."""
import json
import subprocess
import sys


class Clients:
    """Runs a script that reads its task as a line of JSON, says `ready`, waits for a second line and writes what came of it."""

    def __init__(self, script, task):
        self.script = script
        self.process = subprocess.Popen([sys.executable, script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.process.stdin.write(json.dumps(task) + "\n")
        self.process.stdin.flush()
        if self.process.stdout.readline() != "ready\n":
            sys.exit(f"{script} did not begin")

    def begin(self, deadline_s):
        """Lets them do their task, and gives what came of it."""
        output, _ = self.process.communicate("go\n", deadline_s)
        if self.process.returncode != 0:
            sys.exit(f"{self.script} failed: {output}")
        return json.loads(output)
