"""One limit, asked for in two regions at once: what `accounts` must decide as one."""
import base64
import concurrent.futures
import hashlib
import hmac
import json
import threading
import time
import uuid

from entry import call

JSON = {"content-type": "application/json"}
LIMIT, EACH, QUESTIONS = 100, 10, 40
# 503 is no decline: the processor asks again, or decides by a rule of its own.
TRIES = 20


class Account:
    """An account with one card, as its holders and the card network's processor see it; asked through any region."""

    def __init__(self, url, key):
        self.key = base64.b64decode(key)
        customer = self.made(url, "customers", {"profileId": str(uuid.uuid4()), "company": {"number": "DK 12345678", "name": "Nordlys ApS"}})
        account = self.made(url, "accounts", {"customerId": customer, "name": "Nordlys ApS", "limit": kroner(LIMIT)})
        self.path = f"/accounts/v1/accounts/{account}"
        self.token = f"tok_{uuid.uuid4().hex}"
        card = {"token": self.token, "lastFour": "4242", "expires": "2099-04"}
        expect(201, call(url, "PUT", f"{self.path}/cards/{uuid.uuid4()}", json.dumps(card), JSON))

    @staticmethod
    def made(url, what, body):
        """The id of what was made."""
        return json.loads(expect(201, call(url, "POST", f"/accounts/v1/{what}", json.dumps(body), JSON)))["id"]

    def told(self, url, path, message):
        body, now = json.dumps({"card": self.token, **message}), int(time.time())
        signature = hmac.new(self.key, f"{now}.{body}".encode(), hashlib.sha256).hexdigest()
        return call(url, "POST", f"/accounts/v1/network/{path}", body, {**JSON, "network-signature": f"t={now},v1={signature}"})

    def asks(self, url, question):
        """Whether it is approved; None if there was no decision in all tries."""
        for _ in range(TRIES):
            status, _, body = self.told(url, "authorisations", {"id": question, "amount": kroner(EACH), "merchant": {"name": "Kiosk Nord", "category": 5411}})
            if status == 200:
                return json.loads(body)["approved"]
            assert status == 503, (status, body)
        return None

    def stands(self, url):
        account = json.loads(expect(200, call(url, "GET", self.path)))
        return account["held"]["amount"], account["posted"]["amount"]


def kroner(amount):
    return {"amount": f"{amount}.00", "currency": "DKK"}


def expect(status, answer):
    assert answer[0] == status, answer
    return answer[2]


def at_once(works):
    barrier = threading.Barrier(len(works))

    def one(work):
        barrier.wait()
        return work()

    with concurrent.futures.ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(one, works))


def one_limit(urls, key):
    """Questions for more than there is, half of them in each region: what is approved is what the limit has room for."""
    account = Account(urls[0], key)
    answers = at_once([lambda url=urls[at % 2], at=at: account.asks(url, f"q{at}") for at in range(QUESTIONS)])
    room = LIMIT // EACH
    approved = answers.count(True)
    problems = [f"{approved} approved, not {room}"] if approved != room else []
    problems += [f"{answers.count(None)} got no decision"] if None in answers else []
    return problems + [f"{url} says {stands}" for url in urls for stands in [account.stands(url)] if stands != (f"{LIMIT}.00", "0.00")]


def one_message(urls, key):
    """The same messages in both regions at once: one answer, one hold, one entry."""
    account = Account(urls[0], key)
    answers = at_once([lambda url=url: account.asks(url, "q1") for url in urls * 3])
    fact = {"id": "c1", "kind": "capture", "authorisation": "q1", "amount": kroner(EACH), "last": True, "merchant": {"name": "Kiosk Nord", "category": 5411}}
    statuses = sorted(answer[0] for answer in at_once([lambda url=url: account.told(url, "events", fact) for url in urls * 3]))
    problems = [] if answers == [True] * 6 else [f"{answers}"]
    problems += [] if statuses == [200] * 5 + [201] else [f"{statuses}, not one 201 and five times 200"]
    return problems + [f"{url} says {stands}" for url in urls for stands in [account.stands(url)] if stands != ("0.00", f"{EACH}.00")]
