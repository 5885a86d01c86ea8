"""A release `iommi` with a release handler, as a package has them: in a folder of its own, on free ports."""
import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
from urllib.parse import urlsplit

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
START_DEADLINE_S = 30
STOP_DEADLINE_S = 5
TICKS_PER_S = os.sysconf("SC_CLK_TCK")


def package(app, binary, folder):
    """Lays an app out as it is deployed: host.json, its functions, the handler."""
    source = os.path.join(ROOT, "functions", app, "src", "functions")
    for name in os.listdir(source):
        function = os.path.join(source, name, "function.json")
        if os.path.isfile(function):
            os.mkdir(os.path.join(folder, name))
            shutil.copy(function, os.path.join(folder, name))
    shutil.copy(os.path.join(ROOT, "host.json"), folder)
    shutil.copy(os.path.join(ROOT, "local.settings.sample.json"), folder)
    shutil.copy(binary, os.path.join(folder, "handler"))


class Process:
    """What the system says of a process."""

    def __init__(self, pid):
        self.pid = pid

    def memory_mib(self, field="VmRSS"):
        with open(f"/proc/{self.pid}/status") as status:
            kib = next(int(line.split()[1]) for line in status if line.startswith(field))
        return kib / 1024

    def peak_mib(self):
        return self.memory_mib("VmHWM")

    def cpu_s(self):
        with open(f"/proc/{self.pid}/stat") as stat:
            fields = stat.read().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS_PER_S


def is_of(line, name, beginning):
    return line["message"].startswith(beginning) and name in (None, line["app"])


class Platform:
    """The host running an app, or all of a workspace. A handler starts with the first request: ask for one before `handler`."""

    def __init__(self, iommi, app_folder=None, workspace=None, environment=None):
        command = [iommi, *(["start", app_folder] if app_folder else ["run"]), "--json", "--port", "0"]
        command += ["--cosmos-port", "0", "--blob-port", "0", "--queue-port", "0", "--event-hubs-port", "0", "--amqp-port", "0"]
        # The log goes to a file, as for most who run it: a reader in this process would take part in the measurement.
        self.log = tempfile.NamedTemporaryFile("w+", suffix=".log")
        environment = {**os.environ, **(environment or {})}
        self.process = subprocess.Popen(command, stdout=self.log, stderr=self.log, cwd=workspace, env=environment)
        started = self._line(lambda line: line["message"] == "started")
        self.port = urlsplit(started["url"]).port
        self.host = Process(self.process.pid)

    def handler(self, app=None):
        """The port and the process of an app's handler, once a request has woken it."""
        line = self._line(lambda line: is_of(line, app, "handler ready (pid"))["message"]
        pid, port = line.partition("(pid ")[2].split(", port ")
        return int(port.split(",")[0]), Process(int(pid))

    def simulator(self, name):
        line = self._line(lambda line: is_of(line, name, "ready (pid"))["message"]
        return Process(int(line.partition("(pid ")[2].split(",")[0]))

    def _line(self, wanted):
        ends = time.monotonic() + START_DEADLINE_S
        while time.monotonic() < ends and self.process.poll() is None:
            with open(self.log.name) as log:
                complete = (json.loads(line) for line in log if line.startswith("{") and line.endswith("}\n"))
                # The line of a figure has no message.
                found = next((line for line in complete if "message" in line and wanted(line)), None)
            if found:
                return found
            time.sleep(0.01)
        with open(self.log.name) as log:
            raise SystemExit(f"the host said nothing of what was waited for:\n{log.read()}")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(STOP_DEADLINE_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self.log.close()
