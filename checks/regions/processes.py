"""Data services and regions, each a group of processes of its own that can be killed as one."""
import contextlib
import json
import os
import pathlib
import shutil
import signal
import subprocess
import time

from surroundings import surround

START_DEADLINE_S = 30
STOP_DEADLINE_S = 10
POLL_S = 0.05


def eventually(what, condition, deadline_s):
    """The first true result of `condition`, or a failure that says what took too long."""
    ends = time.monotonic() + deadline_s
    while not (seen := condition()):
        if time.monotonic() > ends:
            raise AssertionError(f"{what}: not within {deadline_s} s")
        time.sleep(POLL_S)
    return seen


class Group:
    """A program with all that it starts; its output is in `log`."""

    def __init__(self, command, folder, log, settings=None):
        self.log = pathlib.Path(log)
        environment = {**os.environ, **(settings or {})}
        with open(self.log, "w") as output:
            self.process = subprocess.Popen(command, cwd=folder, stdout=output, stderr=output, start_new_session=True, env=environment)

    def lines(self):
        if self.process.poll() is not None:
            raise AssertionError(f"{self.log.stem} ended with {self.process.returncode}: {self.log.read_text()[-2000:]}")
        return self.log.read_text().splitlines()

    def kill(self):
        """As a region is lost: nobody is told, nothing is finished."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(STOP_DEADLINE_S)


# What a host has to be told of data services elsewhere.
SERVICES = ("cosmos", "blob", "queue", "event-hubs")


class DataServices(Group):
    def __init__(self, binaries, work):
        command = [binaries / "local-data", "--cosmos", "0", "--blob", "0", "--queue", "0", "--event-hubs", "0", "--amqp", "0", "--data", work / "data"]
        super().__init__(command, work, work / "data-services.log")
        addresses = eventually("the data services start", self._addresses, START_DEADLINE_S)
        self.options = [word for name, url in addresses.items() for word in (f"--{name}-url", url)]

    def _addresses(self):
        found = dict(line.split(" ", 1) for line in self.lines() if line.startswith(tuple(f"{name} " for name in SERVICES)))
        return found if len(found) == len(SERVICES) else None


def app_folder(app, binaries, root, work):
    """The app as it is deployed, with the binary that is built already: nothing compiles while a region starts."""
    folder = work / app
    for function in (root / "functions" / app / "src/functions").glob("*/function.json"):
        target = folder / function.parent.name
        target.mkdir(parents=True)
        shutil.copy(function, target)
    shutil.copy(root / "host.json", folder)
    (folder / "handler").symlink_to(binaries / app)
    surround(root, folder)
    return folder


class Region(Group):
    """An app behind a gateway at `url`."""

    def __init__(self, name, binaries, folder, services, work):
        command = [binaries / "iommi", "start", folder, "--port", "0", "--json", *services.options]
        super().__init__(command, work, work / f"{name}.log")
        self.name = name
        self.url = eventually(f"{name} starts", self._url, START_DEADLINE_S)

    def _url(self):
        for line in self.lines():
            if '"message":"started"' in line:
                return json.loads(line)["url"].rstrip("/")
        return None
