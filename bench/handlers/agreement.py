"""Before anything is measured: all contenders answer the same."""
import http.client
import json
import sys

from data import of_handler
from profile_documents import profile_id

ID, UNKNOWN = profile_id(7), "01980c6e-7777-7000-8000-999999999999"
# The request itself is named there.
OF_ONE_REQUEST = ("instance",)
# path, headers
QUESTIONS = [
    ("/v1/health/live", {}),
    (of_handler(ID), {}),
    (of_handler(ID), {"if-none-match": '"1"'}),
    (of_handler(ID), {"if-none-match": 'W/"9", W/"1"'}),
    (of_handler(ID), {"if-none-match": "*"}),
    (of_handler(ID), {"if-none-match": '"2"'}),
    (of_handler(UNKNOWN), {}),
]
SHOWN = ("content-type", "etag", "cache-control")


def answers(port):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    return [answer(connection, path, headers) for path, headers in QUESTIONS]


def answer(connection, path, headers):
    connection.request("GET", path, headers=headers)
    response = connection.getresponse()
    body = response.read()
    document = json.loads(body) if body else None
    if isinstance(document, dict):
        document = {name: value for name, value in document.items() if name not in OF_ONE_REQUEST}
    shown = {name: (response.headers[name] or "").partition(";")[0] for name in SHOWN}
    # A 304 says what it is about by its tag alone.
    return response.status, {**shown, "content-type": ""} if response.status == 304 else shown, document


def hold(running):
    """`running` are ports by name. Exits if one answers otherwise than the first."""
    (first, expected), *others = [(name, answers(port)) for name, port in running.items()]
    for name, given in others:
        for question, one, other in zip(QUESTIONS, expected, given):
            if one != other:
                sys.exit(f"{question}: {first} answers {one}, {name} {other}: they would not do the same work")
