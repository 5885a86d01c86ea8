"""How the platform and its simulators are asked, and one assessment from its beginning to its end."""
import http.client
import json
import sys
import time
from urllib.parse import urlsplit

PARTNER = {"iommi-subscription-key": "local-only-acme"}
DEADLINE_S = 60


def told(platform):
    """The ports of the gateway and, by name, of the simulators."""
    line = platform._line(lambda line: line["message"] == "started")
    return platform.port, {name: urlsplit(url).port for name, url in line["simulatorUrls"].items()}


def ask(port, method, path, body=None, headers=None):
    """The JSON of an answer that says it is well."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=DEADLINE_S)
    try:
        text = json.dumps(body) if body is not None else None
        own = {"content-type": "application/json"} if text else {}
        connection.request(method, path, text, {**own, **(headers or {})})
        answer = connection.getresponse()
        content = answer.read()
    finally:
        connection.close()
    if answer.status >= 300:
        sys.exit(f"{method} {path}: {answer.status} {content[:300]}")
    return json.loads(content) if content.startswith((b"{", b"[")) else None


def begun(gateway, bank, number, customer="salaried"):
    """The id of an assessment that nobody waits for."""
    token = ask(bank, "POST", "/v1/simulation/tokens", {"customer": f"{customer}-{number}"})["access_token"]
    body = {"bankToken": token, "customerReference": f"one-{number}"}
    return ask(gateway, "POST", "/credit/v1/assessments", body, PARTNER)["id"]


def ended(gateway, assessment):
    """Waits for its end, which must be a score."""
    ends = time.monotonic() + DEADLINE_S
    while time.monotonic() < ends:
        state = ask(gateway, "GET", f"/credit/v1/assessments/{assessment}", headers=PARTNER)["state"]
        if state == "scored":
            return
        if state not in ("fetching", "scoring"):
            sys.exit(f"assessment {assessment} is {state}")
        time.sleep(0.05)
    sys.exit(f"assessment {assessment} did not end")
