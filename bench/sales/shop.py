"""The platform with `sales`, and what is seen of its orders from outside."""
import json
import os
import sys
import tempfile
import time
import uuid

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "host"))
from asking import ask, moment, told  # noqa: E402
from clients_process import Clients  # noqa: E402
from platform_run import Platform  # noqa: E402
from workspace import lay_out  # noqa: E402

APPS, SIMULATORS = ("profiles", "sales"), ("vendor", "email")
# As many whose subscriptions change at the same time.
PROFILES = 200
LOOK_EVERY_S = 0.25
# Neither the mail service nor the pace of mails is what is measured.
UNPACED = {"EMAIL_DELAY": "0s", "MAILS_PER_HOUR": "1000000000"}


class Shop:
    """A platform of its own, in a folder of its own below `parent`."""

    def __init__(self, parent, binaries, settings=None):
        folder = tempfile.mkdtemp(dir=parent)
        lay_out(folder, binaries, APPS, SIMULATORS)
        self.profiles = add_profiles(os.path.join(folder, "functions", "profiles", "sample", "profiles.json"))
        environment = {**UNPACED, **(settings or {}), "CARGO_TARGET_DIR": "target"}
        self.platform = Platform(os.path.join(binaries, "iommi"), workspace=folder, environment=environment)

    def __enter__(self):
        self.gateway, self.simulators = told(self.platform)
        # Both handlers wake, and what is on offer is known.
        ask(self.gateway, "GET", "/sales/v1/offers")
        handlers = {app: self.platform.handler(app)[1] for app in APPS}
        simulators = {name: self.platform.simulator(name) for name in SIMULATORS}
        self.processes = {**handlers, "host and data": self.platform.host, **simulators}
        return self

    def __exit__(self, *how):
        self.platform.__exit__(*how)

    def customers(self, orders, rate, name):
        """Those who order; they wait until they may begin."""
        task = {"gateway": self.gateway, "profiles": self.profiles, "orders": orders, "rate": rate, "name": name}
        return Clients(os.path.join(HERE, "clients.py"), task)

    def mails(self):
        """How many mails were accepted."""
        return ask(self.simulators["email"], "GET", "/v1/simulation")["mails"]

    def mail_accepted_at(self, address, deadline_s):
        """When the mail to this address was accepted."""
        ends = time.monotonic() + deadline_s
        while time.monotonic() < ends:
            found = ask(self.simulators["email"], "GET", f"/v1/simulation/mails?to={address}")["mails"]
            if found:
                return moment(found[0]["acceptedAt"]).timestamp()
            time.sleep(0.02)
        sys.exit(f"no mail to {address} in {deadline_s} s")

    def cpu_s(self):
        return {name: process.cpu_s() for name, process in self.processes.items()}


def add_profiles(file):
    """More customers in the sample, like its first one; their ids."""
    with open(file) as text:
        sample = json.load(text)
    ids = [str(uuid.UUID(int=0x01980C6E_4444_7000_8000_000000000000 + number)) for number in range(PROFILES)]
    sample += [{**sample[0], "id": one, "claims": []} for one in ids]
    with open(file, "w") as text:
        json.dump(sample, text)
    return ids
