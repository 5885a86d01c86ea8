"""`bench-load`, which asks from a process of its own."""
import json
import subprocess
import sys

# More than any contender can have under way at the rates that are asked.
OPEN_CONNECTIONS = 64
CLOSED_CONNECTIONS = 16


class Load:
    def __init__(self, program):
        self.program = program

    def closed(self, port, requests, seconds):
        return self._ask(["closed", "--connections", str(CLOSED_CONNECTIONS)], port, requests, seconds)

    def open(self, port, requests, seconds, rate):
        return self._ask(["open", "--connections", str(OPEN_CONNECTIONS), "--rate", str(rate)], port, requests, seconds)

    def _ask(self, what, port, requests, seconds):
        command = [self.program, *what, "--port", str(port), "--requests", requests, "--seconds", str(seconds)]
        told = subprocess.run(command, capture_output=True, text=True)
        if told.returncode != 0:
            sys.exit(f"{' '.join(command)}: {told.stderr}")
        told = json.loads(told.stdout)
        if told["errors"] > 0 or told["answered"] == 0:
            sys.exit(f"{' '.join(command)}: {told}: who fails is not measured")
        return told


class Sink:
    """Takes telemetry while it is open."""

    def __init__(self, program):
        self.process = subprocess.Popen([program, "sink"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.url = f"http://127.0.0.1:{json.loads(self.process.stdout.readline())['port']}"

    def close(self):
        """How much came: `requests` and `bytes`."""
        told, _ = self.process.communicate()
        return json.loads(told)
