"""A running `iommi start FOLDER` on free ports, its log read as JSON; and Azurite beside it."""
import json
import os
import re
import signal
import subprocess
import tempfile
import threading
import time

from rest import ACCOUNT, ACCOUNT_KEY

START_DEADLINE_S = 30
STOP_DEADLINE_S = 5
# Listeners look less and less often while a queue is quiet, as the real ones do: at the time of these checks every few
# seconds.
DEADLINE_S = 30
POLL_S = 0.05


def eventually(what, condition, deadline_s=DEADLINE_S):
    """The first true result of `condition`, or a failure that says what was last seen."""
    ends = time.monotonic() + deadline_s
    while True:
        seen = condition()
        if seen:
            return seen
        if time.monotonic() > ends:
            raise AssertionError(f"{what}: not within {deadline_s} s; last seen: {seen!r}")
        time.sleep(POLL_S)


class Azurite:
    """Microsoft's emulator of Blob and Queue, on free ports and with nothing in it."""

    def __init__(self, binary):
        command = [binary, "--inMemoryPersistence", "--skipApiVersionCheck", "--disableTelemetry"]
        command += ["--blobPort", "0", "--queuePort", "0", "--tablePort", "0"]
        self.folder = tempfile.TemporaryDirectory()
        self.log = os.path.join(self.folder.name, "azurite.log")
        with open(self.log, "w") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, cwd=self.folder.name)
        self.blob_url = eventually("Azurite's blobs", lambda: self._address("Blob"), START_DEADLINE_S)
        self.queue_url = eventually("Azurite's queues", lambda: self._address("Queue"), START_DEADLINE_S)

    def _address(self, service):
        with open(self.log) as log:
            found = re.search(rf"{service} service is successfully listening at (\S+)", log.read())
        return found and f"{found[1]}/{ACCOUNT}"

    @property
    def connection_string(self):
        account = f"DefaultEndpointsProtocol=http;AccountName={ACCOUNT};AccountKey={ACCOUNT_KEY}"
        return f"{account};BlobEndpoint={self.blob_url};QueueEndpoint={self.queue_url};"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.folder.cleanup()


class Host:
    def __init__(self, binary, folder, *options, **settings):
        command = [binary, "start", folder, "--json", "--port", "0"]
        command += ["--cosmos-port", "0", "--blob-port", "0", "--queue-port", "0", "--event-hubs-port", "0", "--amqp-port", "0", *options]
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env={**os.environ, **settings}
        )
        # An app's database bears the name of the app, which is its folder's.
        self.database = os.path.basename(folder)
        self.lines = []
        threading.Thread(target=self._read, daemon=True).start()
        try:
            started = eventually("the host starts", self._started, START_DEADLINE_S)
        except AssertionError:
            self.process.kill()
            raise
        self.url, self.cosmos_url = started["url"], started["cosmosUrl"].rstrip("/")
        self.blob_url, self.queue_url = started["blobUrl"], started["queueUrl"]
        self.keys = started.get("keys", {})

    def _read(self):
        for line in self.process.stdout:
            try:
                self.lines.append(json.loads(line))
            except ValueError:
                self.lines.append({"message": line.rstrip()})

    def _started(self):
        if self.process.poll() is not None:
            raise AssertionError(f"the host ended with {self.process.returncode}: {self.lines}")
        return next((line for line in self.lines if line.get("message") == "started"), None)

    def log(self, **wanted):
        """The lines of the log that have these members."""
        lines = list(self.lines)
        return [line for line in lines if all(line.get(key) == value for key, value in wanted.items())]

    def interrupt(self):
        """Ctrl-C; returns the exit code."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(STOP_DEADLINE_S)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
