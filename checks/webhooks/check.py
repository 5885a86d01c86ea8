"""The specification's library for Python and our crate, each verifying what the other has signed:
`python check.py PROGRAM`.

Prints one line per check and "N passed, N failed"; exits with 1 when one failed.
"""

import base64
import itertools
import json
import os
import subprocess
import sys
import time
import traceback
from datetime import datetime, timezone

from standardwebhooks import Webhook, WebhookVerificationError

OURS = subprocess.Popen([sys.argv[1]], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8")
PRIVATE = "whsk_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8DoQe/884Qvh1w3RjnS8CZZ+TWMJulDV8d3IZkElUxuA=="
ODD_BODIES = ["", "{}", '{ "a" : 1.0 }\r\n', '{"name":"Zoë 💶 \u202e"}', "\0\ufeff", "a.b.c", '"' * 19_999]

_checks = []
_numbers = itertools.count(1)


def check(function):
    _checks.append(function)
    return function


def ask(question):
    OURS.stdin.write(json.dumps(question) + "\n")
    OURS.stdin.flush()
    return json.loads(OURS.stdout.readline())


def sign(keys, message):
    answer = ask({"sign": keys, **message})
    assert "headers" in answer, answer
    return answer["headers"]


def verify(keys, headers, message):
    return ask({"verify": keys, "headers": headers, "now": int(time.time()), "body": message["body"]})


def new_secret(length=32):
    return "whsec_" + base64.b64encode(os.urandom(length)).decode()


def new_message(**changes):
    """A message that no other check has."""
    number = next(_numbers)
    body = json.dumps({"type": "invoice.paid", "timestamp": "2026-11-30T09:12:00Z", "data": {"number": number}})
    return {"id": f"msg_{os.getpid()}-{number}", "at": int(time.time()), "body": body, **changes}


def theirs(secrets, message):
    """What the library makes of a message."""
    at = datetime.fromtimestamp(message["at"], tz=timezone.utc)
    signatures = [Webhook(secret).sign(message["id"], at, message["body"]) for secret in secrets]
    return {
        "webhook-id": message["id"],
        "webhook-timestamp": str(message["at"]),
        "webhook-signature": " ".join(signatures),
    }


def believes(secret, headers, body):
    Webhook(secret).verify(body.encode(), headers, json_parse=False)


def refuses(secret, headers, body):
    try:
        believes(secret, headers, body)
    except WebhookVerificationError:
        return
    raise AssertionError("the library believes it")


@check
def the_library_believes_what_we_sign_with_secrets_of_every_length():
    for length in range(24, 65):
        secret, message = new_secret(length), new_message()
        believes(secret, sign([secret], message), message["body"])


@check
def we_believe_what_the_library_signs_with_secrets_of_every_length():
    for length in range(24, 65):
        secret, message = new_secret(length), new_message()
        answer = verify([secret], theirs([secret], message), message)
        assert answer == {"verified": message["id"], "key": 0}, answer


@check
def both_sign_the_same_bytes_whatever_is_in_the_body():
    for body in ODD_BODIES:
        secret, message = new_secret(), new_message(body=body)
        assert sign([secret], message) == theirs([secret], message), body[:40]


@check
def while_a_secret_changes_either_is_enough():
    new, old, message = new_secret(), new_secret(), new_message()
    headers = sign([new, old], message)
    for secret in (new, old):
        believes(secret, headers, message["body"])
    refuses(new_secret(), headers, message["body"])
    headers = theirs([new, old], message)
    assert verify([new], headers, message)["key"] == 0
    assert verify([new_secret(), old], headers, message)["key"] == 1


@check
def a_signature_of_the_kind_v1a_beside_it_does_not_disturb_the_library():
    secret, message = new_secret(), new_message()
    for keys in ([secret, PRIVATE], [PRIVATE, secret]):
        believes(secret, sign(keys, message), message["body"])


@check
def another_secret_body_or_id_is_refused_by_both():
    secret, message = new_secret(), new_message()
    changed = {**message, "body": message["body"] + " "}
    ours, other = sign([secret], message), theirs([secret], message)
    refuses(new_secret(), ours, message["body"])
    refuses(secret, ours, changed["body"])
    refuses(secret, {**ours, "webhook-id": "msg_other"}, message["body"])
    cases = [
        ([new_secret()], other, message),
        ([secret], other, changed),
        ([secret], {**other, "webhook-id": "msg_other"}, message),
    ]
    for keys, headers, received in cases:
        answer = verify(keys, headers, received)
        assert "no signature is right" in answer.get("error", ""), answer


@check
def an_attempt_of_ten_minutes_ago_or_in_ten_minutes_is_refused_by_both():
    for off, reason in ((-600, "s ago"), (600, "in the future")):
        secret, message = new_secret(), new_message(at=int(time.time()) + off)
        refuses(secret, sign([secret], message), message["body"])
        answer = verify([secret], theirs([secret], message), message)
        assert reason in answer.get("error", ""), answer


passed = 0
for function in _checks:
    name = function.__name__.replace("_", " ")
    try:
        function()
        passed += 1
        print(f"ok    {name}")
    except Exception:
        print(f"FAIL  {name}\n{traceback.format_exc()}")
OURS.stdin.close()
print(f"{passed} passed, {len(_checks) - passed} failed")
sys.exit(0 if passed == len(_checks) else 1)
