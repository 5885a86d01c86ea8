"""The local data services with the containers and the sample of one app."""
import json
import pathlib
import signal
import subprocess
import tempfile
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
START_DEADLINE_S = 30
STOP_DEADLINE_S = 10
PORTS = ("cosmos", "blob", "queue", "event-hubs", "amqp")


class DataService:
    def __init__(self, binary, app):
        self.log = tempfile.NamedTemporaryFile("w+")
        ports = [word for name in PORTS for word in (f"--{name}", "0")]
        self.process = subprocess.Popen([binary, *ports], stdout=self.log, stderr=self.log)
        self.addresses = self._addresses()
        folder = ROOT / "functions" / app
        self._create("dbs", {"id": app})
        for container in json.loads((folder / "app.json").read_text())["owns"]["containers"]:
            key = {"paths": [container["partitionKey"]], "kind": "Hash", "version": 2}
            self._create(f"dbs/{app}/colls", {"id": container["name"], "partitionKey": key})
        for sample in sorted((folder / "sample").glob("*.json")):
            for document in json.loads(sample.read_text()):
                # Every container of a sample is partitioned by id.
                key = {"x-ms-documentdb-partitionkey": json.dumps([document["id"]])}
                self._create(f"dbs/{app}/colls/{sample.stem}/docs", document, key)

    def _addresses(self):
        ends = time.monotonic() + START_DEADLINE_S
        while time.monotonic() < ends and self.process.poll() is None:
            with open(self.log.name) as log:
                said = dict(line.split(" ", 1) for line in log.read().splitlines(keepends=True) if line.endswith("\n"))
            if "amqp" in said:
                return {name: address.strip() for name, address in said.items()}
            time.sleep(0.01)
        raise SystemExit(f"the data services did not start:\n{open(self.log.name).read()}")

    def _create(self, path, document, headers=None):
        url = self.addresses["cosmos"] + path
        headers = {"content-type": "application/json", "x-ms-version": "2020-07-15", **(headers or {})}
        request = urllib.request.Request(url, json.dumps(document).encode(), headers, method="POST")
        urllib.request.urlopen(request, timeout=START_DEADLINE_S).close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(STOP_DEADLINE_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self.log.close()
