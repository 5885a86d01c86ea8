"""A whole day with two regions that follow the sun: `check.py ROOT BINARIES`."""
import collections
import datetime
import json
import pathlib
import sys
import tempfile
import threading
import time

from customers import Customer
from entry import Entry, Origins, call
from outcome import Outcome
from parts import Home, Region, Simulator, functions_folder
from processes import eventually

EAST, WEST = "southeastasia", "westeurope"
# Four borders of a day in place of two: at each something else is killed.
SUN = f"0-6 {EAST}, 6-12 {WEST}, 12-18 {EAST}, 18-24 {WEST}"
BY_HOUR = [EAST] * 6 + [WEST] * 6 + [EAST] * 6 + [WEST] * 6
# Clocks that disagree by a minute; the hysteresis is five.
AHEAD_S = {EAST: 20, WEST: -40}
FASTER = 600
# The clock goes in leaps: shorter ones than any border lasts, longer ones than a step takes.
TICK_S, LONGEST_TICK_S = 0.25, 0.4
ORDERS_EVERY_S, AT_THE_OTHER_EVERY_S = 0.6, 2.5
# A region that is killed comes back after half an hour of that day.
AWAY = datetime.timedelta(minutes=30)
READY_S, SETTLED_S = 60, 240
outcome = Outcome()
check = outcome.check


class Day:
    """A day of the platform, from half an hour before midnight until half an hour after the next."""

    def __init__(self, home, regions, preferred):
        self.home, self.regions, self.preferred = home, regions, preferred
        start = (home.now() + datetime.timedelta(days=1)).replace(hour=23, minute=30, second=0, microsecond=0)
        self.home.travel({"set": start.isoformat().replace("+00:00", "Z")})
        self.ends = start + datetime.timedelta(hours=25)
        self.at_work, self.back, self.log = None, [], []
        self.tick(0)
        # What is killed at each border: the host of who goes, the handler of who comes, and the other way round.
        going, coming = (lambda at: self.other(at)), (lambda at: self.regions[at])
        self.kills = [
            ("the host of who goes", lambda at: self.lose(going(at))),
            ("the handler of who comes", lambda at: coming(at).kill_handler()),
            ("the handler of who goes", lambda at: going(at).kill_handler()),
            ("the host of who comes", lambda at: self.lose(coming(at))),
            ("both handlers", lambda at: [region.kill_handler() for region in self.regions.values()]),
        ]

    def other(self, name):
        return next(region for region in self.regions.values() if region.name != name)

    def tick(self, seconds):
        """Everybody's clock goes on; the entry prefers whose hour it is."""
        if seconds:
            self.home.travel({"advance": f"{round(seconds * FASTER)}s"})
        for region in self.regions.values():
            region.follow()
        now = self.home.now()
        before, self.at_work = self.at_work, BY_HOUR[now.hour]
        self.preferred.sort(key=lambda name: name != self.at_work)
        return now, before is not None and before != self.at_work

    def lose(self, region):
        region.kill()
        self.back.append((self.home.now() + AWAY, region))

    def live(self):
        last, starting = time.monotonic(), []
        while True:
            time.sleep(TICK_S)
            present = time.monotonic()
            # Who is late leaps no further: an hour is seen by everybody.
            (now, is_border), last = self.tick(min(present - last, LONGEST_TICK_S)), present
            if is_border:
                what, kill = self.kills.pop(0)
                kill(self.at_work)
                print(f"    {now:%H:%M} {self.at_work} is at work; killed: {what}", flush=True)
            for due, region in [entry for entry in self.back if now >= entry[0]]:
                self.back.remove((due, region))
                starting.append(threading.Thread(target=region.start_again, daemon=True))
                starting[-1].start()
            if now >= self.ends and not self.back:
                return [start.join(READY_S) for start in starting]


def settled(orders, region):
    """The orders once all are fulfilled, while the clock goes on as it does; those that are not, after a while."""
    shown, ends = {}, time.monotonic() + SETTLED_S
    while time.monotonic() < ends:
        for order in orders:
            if shown.get(order, {}).get("state") != "fulfilled":
                status, _, body = call(region.url, "GET", f"/v1/orders/{order}")
                shown[order] = json.loads(body) if status == 200 else {"state": f"answered {status}"}
        if all(order["state"] == "fulfilled" for order in shown.values()):
            break
        time.sleep(1)
    return shown


def gaps(numbers):
    """Within each series, which bears a year."""
    series = collections.defaultdict(set)
    for number in numbers:
        start, count = number.rsplit("-", 1)
        series[start].add(int(count))
    return [f"{start} lacks {sorted(set(range(1, max(has) + 1)) - has)[:5]}" for start, has in series.items() if len(has) != max(has)]


def judge(orders, shown, vendor, mails, regions):
    check(f"{len(orders)} orders were accepted, each is fulfilled", [f"{order}: {json.dumps(now)[:600]}" for order, now in shown.items() if now["state"] != "fulfilled"])
    check("each acknowledged order is one of its own", [f"{len(orders) - len(set(orders))} ids came twice"] if len(set(orders)) != len(orders) else [])
    at_vendor = collections.Counter(one["clientReference"].rsplit("-", 1)[0] for one in vendor.told("/v1/simulation/orders")["orders"])
    check("each has one order at the vendor, and there is no other", [f"{order}: {count}" for order, count in (at_vendor - collections.Counter(orders)).items()] + [f"{order} has none" for order in orders if order not in at_vendor])
    numbers = [now.get("invoiceNumber") for now in shown.values()]
    check("each has a number, and no two have one", [f"{number} is there {count} times" for number, count in collections.Counter(numbers).items() if count > 1 or not number])
    check("numbers have no gap", gaps([number for number in numbers if number]))
    arrived = mails.told("/v1/simulation/mails")["mails"]
    check("each has one mail, and there is no other", [f"{len(arrived)} mails for {len(orders)} orders"] * (len(arrived) != len(orders)) + [f"{mail['subject']}: sent {mail['times']} times" for mail in arrived if mail["times"] != 1])
    subjects = collections.Counter(mail["subject"] for mail in arrived)
    check("and each mail brings another invoice", [f"{subject}: {count}" for subject, count in subjects.items() if count > 1])
    shares = {name: region.work_done() for name, region in regions.items()}
    total = sum(sum(share.values()) for share in shares.values()) or 1
    for name, share in shares.items():
        print(f"    {name}: {sum(share.values()) * 100 // total} % of the work: {', '.join(f'{step} {count}' for step, count in share.items())}")
    check("both regions have a good share of the work", [f"{name} did {sum(share.values())} of {total}" for name, share in shares.items() if sum(share.values()) * 4 < total])


def simulate(root, binaries, work, groups):
    functions = functions_folder(root, binaries, work)
    home = groups["home"] = Home(binaries, functions, work)
    preferred = [EAST, WEST]
    origins = Origins({}, "/sales/v1/health/ready")
    entry = Entry(origins, preferred)
    clock = {"CLOCK_OFFSET_FILE": str(home.clock_file), "PLATFORM_URL": entry.url}
    vendor = groups["vendor"] = Simulator(binaries, "vendor", clock, work)
    mails = groups["email"] = Simulator(binaries, "email", clock, work)
    settings = {
        "SUN": SUN, "SUN_REGIONS": f"{EAST}, {WEST}", "PROFILES_URL": home.url, "VENDOR_URL": vendor.url + "/", "EMAIL_URL": mails.url + "/",
        "ORDERS_URL": f"{entry.url}/v1/orders/", "MAILS_PER_HOUR": "1000000",
    }
    regions = {name: Region(name, AHEAD_S[name], binaries, functions, work, home, settings) for name in preferred}
    for name, region in regions.items():
        groups[name] = region
        region.start()
        eventually(f"{name} is ready", region.is_ready, READY_S)
    origins.watch({name: region.url for name, region in regions.items()})
    day, over = Day(home, regions, preferred), threading.Event()
    customers = [
        Customer("through the entry", [entry.url], ORDERS_EVERY_S, over),
        Customer("wherever", [region.url for region in regions.values()], AT_THE_OTHER_EVERY_S, over),
    ]
    for customer in customers:
        customer.start()
    began = time.monotonic()
    day.live()
    over.set()
    print(f"    a day and an hour in {time.monotonic() - began:.0f} s", flush=True)
    for customer in customers:
        customer.join(READY_S)
        print(f"    {customer.label}: {len(customer.orders)} orders, {customer.errors} tries without an answer", flush=True)
    check("nobody was refused", [line for customer in customers for line in customer.refused])
    check("the entry sent clients to both", [f"{name} got none" for name, count in entry.served.items() if not count])
    for region in regions.values():
        eventually(f"{region.name} is ready", region.is_ready, READY_S)
    orders = [order for customer in customers for order in customer.orders]
    still = threading.Thread(target=go_on, args=(day, over := threading.Event()), daemon=True)
    still.start()
    shown = settled(orders, regions[WEST])
    over.set()
    still.join()
    judge(orders, shown, vendor, mails, regions)
    origins.over.set()
    entry.stop()


def go_on(day, over):
    """What waits for its time gets it."""
    while not over.wait(TICK_S):
        day.tick(TICK_S)


def main():
    root, binaries = (pathlib.Path(argument).resolve() for argument in sys.argv[1:])
    groups = {}
    with tempfile.TemporaryDirectory() as work:
        try:
            simulate(root, binaries, pathlib.Path(work), groups)
        finally:
            for group in reversed(groups.values()):
                group.kill()
    outcome.end()


if __name__ == "__main__":
    main()
