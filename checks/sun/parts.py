"""What runs: data services with the app profiles and the clock, a vendor, a mail service, and regions with the app sales."""
import collections
import datetime
import json
import os
import pathlib
import shutil

from entry import call
from processes import START_DEADLINE_S, Group, eventually

JSON = {"content-type": "application/json"}
FREE_PORTS = [word for name in ("port", "cosmos-port", "blob-port", "queue-port", "event-hubs-port", "amqp-port") for word in (f"--{name}", "0")]


def functions_folder(root, binaries, work):
    """The apps as they lie in the repository, with binaries that are built already: nothing compiles while a host starts."""
    functions = work / "functions"
    functions.mkdir()
    shutil.copy(root / "functions/every-app.json", functions)
    (work / "crates").symlink_to(root / "crates")
    for app in ("profiles", "sales"):
        folder, source = functions / app, root / "functions" / app
        for function in (source / "src/functions").glob("*/function.json"):
            (folder / function.parent.name).mkdir(parents=True)
            shutil.copy(function, folder / function.parent.name)
        if (source / "sample").is_dir():
            shutil.copytree(source / "sample", folder / "sample")
        (folder / "app.json").write_text(json.dumps(without_capture(json.loads((source / "app.json").read_text()))))
        shutil.copy(root / "host.json", folder)
        (folder / "handler").symlink_to(binaries / app)
    return functions


def without_capture(app):
    """As if its event hubs were not captured: the app that has the container for it is not here."""
    for hub in app["owns"].get("eventHubs", []):
        hub.pop("capture", None)
    return app


class Host(Group):
    """A host that says in its log where everything is."""

    def __init__(self, binaries, app, options, log, settings=None):
        command = [binaries / "iommi", "start", app, "--json", "--replace-crashed", *options]
        super().__init__(command, app, log, settings)
        self.at = eventually(f"{self.log.stem} starts", self._started, START_DEADLINE_S)
        self.url = self.at["url"].rstrip("/")

    def _started(self):
        return next((json.loads(line) for line in self.lines() if '"message":"started"' in line), None)


class Home(Host):
    """The data services and the app profiles. Its clock is that of everybody."""

    def __init__(self, binaries, functions, work):
        data = work / "data"
        super().__init__(binaries, functions / "profiles", (*FREE_PORTS, "--data", data), work / "home.log")
        self.clock_file = data / "clock-offset-ms"
        services = {"--cosmos-url": "cosmosUrl", "--blob-url": "blobUrl", "--queue-url": "queueUrl", "--event-hubs-url": "eventHubsUrl"}
        self.services = [word for option, name in services.items() for word in (option, self.at[name])]

    def travel(self, how):
        status, _, body = call(self.url, "POST", "/admin/clock", json.dumps(how), JSON)
        assert status == 200, body

    def offset_ms(self):
        return int(self.clock_file.read_text())

    def now(self):
        return datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(milliseconds=self.offset_ms())


class Simulator(Group):
    def __init__(self, binaries, name, settings, work):
        super().__init__([binaries / name], work, work / f"{name}.log", {"PORT": "0", **settings})
        self.url = eventually(f"{name} starts", self._url, START_DEADLINE_S).rstrip("/")

    def _url(self):
        return next((line.split(" ", 1)[1].strip() for line in self.lines() if " http://" in line), None)

    def told(self, path):
        status, _, body = call(self.url, "GET", path)
        assert status == 200, body
        return json.loads(body)


class Region:
    """The app sales in one region, whose clock is off by some seconds; it is killed and started again."""

    def __init__(self, name, ahead_s, binaries, functions, work, home, settings):
        self.name, self.ahead_ms, self.binaries, self.folder, self.work = name, ahead_s * 1000, binaries, functions / "sales", work
        self.clock_file, self.home, self.settings = work / f"{name}-clock", home, {**settings, "SUN_REGION": name}
        self.logs, self.host = [], None
        self.follow()

    @property
    def url(self):
        return self.host.url

    def follow(self):
        """Sets its clock by that of everybody; replaced as a whole, so that nobody reads half a number."""
        new = self.clock_file.with_suffix(".new")
        new.write_text(str(self.home.offset_ms() + self.ahead_ms))
        os.replace(new, self.clock_file)

    def start(self, port="0"):
        log = self.work / f"{self.name}-{len(self.logs)}.log"
        options = ("--port", port, "--otlp-port", "0", *self.home.services, "--clock-file", self.clock_file)
        self.host = Host(self.binaries, self.folder, options, log, self.settings)
        self.logs.append(log)

    def kill(self):
        if self.host:
            self.host.kill()

    def start_again(self):
        """At the same address: an entry knows its regions by that."""
        self.start(self.url.rsplit(":", 1)[1])

    def kill_handler(self):
        status, _, body = call(self.url, "POST", "/admin/apps/sales/kill", "{}", JSON)
        # A handler that is just being started is none that could be killed.
        assert status in (200, 409), body

    def is_ready(self):
        try:
            return call(self.url, "GET", "/sales/v1/health/ready")[0] == 200
        except OSError:
            return False

    def work_done(self):
        """How often each step came to its end here."""
        lines = [line for log in self.logs for line in log.read_text().splitlines() if '"the order goes on"' in line]
        return dict(sorted(collections.Counter(json.loads(line)["function"] for line in lines).items()))
