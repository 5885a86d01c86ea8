"""Documents of the app `profiles`, written to the local Cosmos DB."""
import http.client
import json
import sys
from urllib.parse import urlsplit

DEADLINE_S = 180


class Service:
    """A data service over one kept-alive connection."""

    def __init__(self, url):
        parts = urlsplit(url)
        self.path = parts.path.rstrip("/")
        self.connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=DEADLINE_S)

    def ask(self, method, path, body=None, headers=None):
        self.connection.request(method, self.path + path, body, headers or {})
        answer = self.connection.getresponse()
        return answer, answer.read()


def upsert(cosmos, number, revision):
    document = profile(number, revision)
    headers = {"x-ms-version": "2020-07-15", "x-ms-documentdb-is-upsert": "true",
               "x-ms-documentdb-partitionkey": json.dumps([document["id"]])}
    answer, body = cosmos.ask("POST", "/dbs/profiles/colls/profiles/docs", json.dumps(document), headers)
    if answer.status >= 300:
        sys.exit(f"writing a document: {answer.status} {body[:200]}")


def profile_id(number):
    return f"01980c6e-7777-7000-8000-{number:012}"


def profile(number, revision):
    at = "2026-03-01T08:00:00Z"
    return {
        "state": "active", "id": profile_id(number),
        "account": {"id": f"01980c6e-8888-7000-8000-{number:012}", "emailAddress": f"p{number}@example.com",
                    "userName": f"person{number}"},
        "givenName": "Robin", "familyName": "Okafor", "age": 30,
        "address": {"street": "1 Marina", "city": "Lagos", "postalCode": None, "country": "NG"},
        "picture": None, "photos": [], "subscriptions": [{"serviceId": "home-care", "since": at}],
        "revision": revision, "createdAt": at, "updatedAt": at,
        "schemaVersion": 1, "claims": [], "claimedAt": at,
    }
