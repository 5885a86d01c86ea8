"""`contacts` between two topics of a real broker: `check.py ROOT BINARIES`."""
import json
import os
import pathlib
import signal
import sys
import tempfile
import time
import urllib.error
import urllib.request
import uuid

from broker import PARTITIONS, Broker
from outcome import Outcome
from processes import DataServices, Region, app_folder, eventually
from rest import Rest

# Read from, published to.
ACCOUNT, CONTACT, GROUP = "account", "contact", "contacts"
KEY, SECRET = "a-key", "a-secret"
CROWD = 300
DEADLINE_S = 90
START = "2026-11-01T08:00:00Z"
outcome = Outcome()
check = outcome.check


def fact(contact, what="activated", revision=1):
    """What `profiles` says of an account."""
    return {
        "specversion": "1.0", "id": f"{contact}-{revision}-account-{what}", "source": "/profiles",
        "type": f"com.iommi.profiles.account-{what}.v1", "subject": contact, "time": START, "datacontenttype": "application/json",
        "revision": revision, "data": {"profileId": contact, "at": START},
    }


def structured(producer, fact):
    headers = {"content-type": "application/cloudevents+json; charset=UTF-8"}
    producer.produce(ACCOUNT, json.dumps(fact), fact["subject"], headers=headers)


def binary(producer, fact):
    attributes = {f"ce_{name}": str(value) for name, value in fact.items() if name not in ("data", "datacontenttype")}
    producer.produce(ACCOUNT, json.dumps(fact["data"]), fact["subject"], headers={"content-type": fact["datacontenttype"], **attributes})


class Contacts:
    """The app, alone behind its host."""

    def __init__(self, root, binaries, services, work, broker, rest):
        os.environ.update({
            "AzureWebJobs.kafka_accounts.Disabled": "false", "KAFKA_BROKERS": broker.address,
            "EVENTS_ENDPOINT": rest.url, "KAFKA_API_KEY": KEY, "KAFKA_API_SECRET": SECRET,
        })
        self.binaries, self.services, self.work = binaries, services, work
        self.folder = app_folder("contacts", binaries, root, work)
        self.starts = 0
        self.start()

    def start(self):
        self.starts += 1
        self.host = Region(f"contacts-{self.starts}", self.binaries, self.folder, self.services, self.work)

    def get(self, path):
        try:
            with urllib.request.urlopen(f"{self.host.url}{path}", timeout=10) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as refused:
            assert refused.code in (404, 500, 502, 503), f"{path}: {refused.code}"
        except OSError:
            pass  # Killed just now.
        return None

    def contact(self, contact):
        return self.get(f"/contacts/v1/contacts/{contact}")

    def is_active(self, contact):
        return (self.contact(contact) or {}).get("state") == "active"

    def kill_handler(self):
        """The program that the host has started, found by whose child it is."""
        for process in pathlib.Path("/proc").glob("[0-9]*"):
            try:
                parent = process.joinpath("stat").read_text().rpartition(")")[2].split()[1]
                program = process.joinpath("cmdline").read_bytes().split(b"\0")[0]
            except OSError:
                continue  # It has ended.
            if int(parent) == self.host.process.pid and program.endswith(b"handler"):
                os.kill(int(process.name), signal.SIGKILL)
                return True
        return False


def text(value):
    return value.decode() if isinstance(value, bytes) else value


def forms(app, producer):
    """Both forms of the CloudEvents binding, keyed."""
    one, other = str(uuid.uuid4()), str(uuid.uuid4())
    structured(producer, fact(one))
    binary(producer, fact(other))
    producer.flush()
    eventually("the structured event", lambda: app.is_active(one), DEADLINE_S)
    eventually("the binary event", lambda: app.is_active(other), DEADLINE_S)
    return [one, other]


def order(app, producer):
    """Of one key the last word counts, also where all came at once."""
    gone = str(uuid.uuid4())
    for what, revision in (("activated", 1), ("deactivated", 2)):
        binary(producer, fact(gone, what, revision))
    last = str(uuid.uuid4())
    # By the key it lies behind them.
    producer.produce(ACCOUNT, json.dumps(fact(last)), gone)
    producer.flush()
    eventually("what came after them", lambda: app.is_active(last), DEADLINE_S)
    return [last], ["it is still there"] if app.contact(gone) else []


def poison(app, producer):
    """What is no event, and what says that it is one: kept, and in nobody's way."""
    key = str(uuid.uuid4())
    producer.produce(ACCOUNT, b"\xff no event", key)
    broken = fact(key)
    attributes = {f"ce_{name}": str(value) for name, value in broken.items() if name not in ("data", "datacontenttype")}
    producer.produce(ACCOUNT, "{broken", key, headers={"content-type": "application/json", **attributes})
    after = str(uuid.uuid4())
    producer.produce(ACCOUNT, json.dumps(fact(after)), key)
    producer.flush()
    eventually("what came after poison", lambda: app.is_active(after), DEADLINE_S)
    letters = (app.get("/contacts/v1/dead-letters?limit=100") or {"items": []})["items"]
    problems = [] if len(letters) == 2 else [f"{len(letters)} dead letters, not 2"]
    problems += [f"a letter of {letter['function']}" for letter in letters if letter["function"] != "kafka_accounts"]
    return [after], problems


def crowd(app, producer, lost_answers):
    """Many, while the handler and then the host are killed, and answers are lost."""
    everybody = [str(uuid.uuid4()) for _ in range(CROWD)]
    for number, contact in enumerate(everybody):
        (binary if number % 2 else structured)(producer, fact(contact))
        if number in (CROWD // 4, CROWD // 2):
            producer.flush()
            eventually("some of them", lambda: app.is_active(everybody[number // 2]), DEADLINE_S)
            assert app.kill_handler(), "there is no handler to kill"
            lost_answers()
    producer.flush()
    app.host.kill()
    app.start()
    eventually("all of them", lambda: all(app.is_active(contact) for contact in everybody), DEADLINE_S)
    return everybody


def effects(app, contacts):
    """Each was activated once, however often it came."""
    revisions = {contact: app.contact(contact)["revision"] for contact in contacts}
    return [f"{contact} has revision {revision}" for contact, revision in revisions.items() if revision != 1]


def told(broker, contacts):
    """What our publisher made, as the official consumer reads it."""
    problems, partitions, ids = [], {}, {}
    for record in broker.records(CONTACT):
        headers = {name: text(value) for name, value in record.headers()}
        key, data = text(record.key()), json.loads(record.value())
        ids.setdefault(key, set()).add(headers["ce_id"])
        partitions.setdefault(key, set()).add(record.partition())
        if (headers["ce_specversion"], headers["ce_subject"], headers["content-type"]) != ("1.0", key, "application/json"):
            problems.append(f"{key}: {headers}")
        if data.get("contactId") != key:
            problems.append(f"{key}: {data}")
    problems += [f"{key} lies in {len(in_all)} partitions" for key, in_all in partitions.items() if len(in_all) != 1]
    problems += [f"{contact} was told as {sorted(ids.get(contact, []))}" for contact in contacts if ids.get(contact) != {f"{contact}-1-activated"}]
    if len(set().union(*partitions.values())) != PARTITIONS:
        problems.append("all keys lie in some of the partitions")
    return problems


def main(root, binaries):
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        services = DataServices(binaries, work)
        broker = Broker()
        rest = Rest(broker, KEY, SECRET)
        app = None
        try:
            broker.make(ACCOUNT)
            app = Contacts(root, binaries, services, work, broker, rest)
            run(app, broker, rest)
        finally:
            if app:
                app.host.kill()
            services.kill()
    outcome.end()


def run(app, broker, rest):
    producer = broker.producer()

    def lost_answers():
        rest.lose_next = 3

    began = time.monotonic()
    contacts = forms(app, producer)
    check("structured and binary events of a topic become contacts", [])
    more, problems = order(app, producer)
    check("the events of one key are taken in their order", problems)
    contacts += more
    more, problems = poison(app, producer)
    check("poison becomes dead letters, and what comes after it is done", problems)
    contacts += more
    contacts += crowd(app, producer, lost_answers)
    check(f"{CROWD} more, of which none is lost although the handler was killed twice and the host once", [])
    check("each effect happened once", effects(app, contacts))
    behind = eventually("the group has committed all", lambda: broker.behind(GROUP, ACCOUNT) == 0, DEADLINE_S)
    check("the group has committed everything", [] if behind else ["it is behind"])
    eventually("all of them are told", lambda: not told(broker, contacts), DEADLINE_S)
    check(f"they are told on the topic {CONTACT} with key, headers and one partition each", told(broker, contacts))
    lost = rest.answers_lost
    check(f"{lost} answers were lost after their record was kept, and nothing was told under another id", [] if lost else ["no answer was lost"])
    print(f"{len(contacts)} contacts in {time.monotonic() - began:.1f} s")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
