"""Where the platform and its simulators are, and how they are asked."""
import http.client
import json
import sys
from datetime import datetime
from urllib.parse import urlsplit

DEADLINE_S = 60


def told(platform):
    """The ports of the gateway and, by name, of the simulators."""
    line = platform._line(lambda line: line["message"] == "started")
    return platform.port, {name: urlsplit(url).port for name, url in line.get("simulatorUrls", {}).items()}


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


def moment(text):
    """RFC 3339 with up to nine digits of a second."""
    whole, _, rest = text.rstrip("Z").partition(".")
    return datetime.fromisoformat(f"{whole}.{(rest + '000000')[:6]}+00:00")
