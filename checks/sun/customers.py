"""Customers who order all day long, insist on an answer, and remember what they were promised."""
import itertools
import json
import threading
import time
import uuid

from entry import call
from parts import JSON

PAUSE_AFTER_ERROR_S = 0.1
KIM = "01980c6e-1111-7000-8000-000000000001"


class Customer(threading.Thread):
    """Orders every so often at one of `urls`, in turn. `orders` are those that were accepted, in their order."""

    def __init__(self, name, urls, every_s, over):
        super().__init__(daemon=True)
        self.label, self.urls, self.every_s, self.over = name, itertools.cycle(urls), every_s, over
        self.orders, self.errors, self.refused = [], 0, []

    def run(self):
        while not self.over.wait(self.every_s):
            self.order(next(self.urls))

    def order(self, url):
        """Under the same key until it is answered: accepted by whoever, it is one order."""
        body = json.dumps({
            "lines": [{"serviceId": "night-watch", "quantity": 1 + len(self.orders) % 3, "months": 12}],
            "buyer": {"name": "Kim Larsen", "emailAddress": "kim.larsen@example.com", "address": {"street": "Havnegade 1", "city": "København", "country": "DK"}},
        })
        headers = {**JSON, "idempotency-key": str(uuid.uuid4())}
        while True:
            try:
                status, _, answer = call(url, "POST", f"/v1/profiles/{KIM}/orders", body, headers)
            except OSError:
                status, answer = 0, b""
            if status == 202:
                return self.orders.append(json.loads(answer)["id"])
            if 0 < status < 500 and status != 409:
                return self.refused.append(f"{status} {answer[:300]!r}")
            self.errors += 1
            # It goes on also when the day is over: an order whose answer was lost may be there.
            time.sleep(PAUSE_AFTER_ERROR_S)
