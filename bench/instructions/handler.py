"""A handler under callgrind, asked over one connection."""
import json
import socket
import time
from urllib.parse import urlsplit

from callgrind import Counted
from data_service import ROOT

ANSWER_DEADLINE_S = 60
INVOCATION = "6b1c2c5e-6f0e-4a53-9d0e-0f2a6f1f9a11"
TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def settings(data):
    """Those of a laptop, but for where the data is; each request is logged, as in Azure."""
    values = json.loads((ROOT / "local.settings.sample.json").read_text())["Values"]
    return {
        **values,
        "COSMOS__accountEndpoint": data.addresses["cosmos"],
        "STORAGE__blobServiceUri": data.addresses["blob"],
        "STORAGE__queueServiceUri": data.addresses["queue"],
        "EVENT_HUBS__fullyQualifiedNamespace": urlsplit(data.addresses["event-hubs"]).netloc,
        "LOG_LEVEL": "info",
        # An address that answers at once on one machine, late on another and never on a third.
        "COSMOS_DISABLE_IMDS": "1",
        # What else the SDK does by the clock, and not by the request, as seldom as it may.
        "AZURE_COSMOS_CPU_REFRESH_INTERVAL_MS": "60000",
    }


class Connection:
    def __init__(self, port, deadline):
        while True:
            try:
                self.socket = socket.create_connection(("127.0.0.1", port))
                break
            except ConnectionRefusedError:
                if time.monotonic() > deadline:
                    raise SystemExit("the handler does not listen") from None
                time.sleep(0.05)
        self.socket.settimeout(ANSWER_DEADLINE_S)

    def get(self, path):
        """The body of a 200; each request is one piece on the wire, so that it is read at once."""
        head = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Azure-Functions-InvocationId: {INVOCATION}\r\ntraceparent: {TRACE}\r\n\r\n"
        self.socket.sendall(head.encode())
        received = b""
        while b"\r\n\r\n" not in received:
            received += self._more()
        head, _, body = received.partition(b"\r\n\r\n")
        status, *headers = head.decode("latin-1").split("\r\n")
        length = next(int(line.split(":")[1]) for line in headers if line.lower().startswith("content-length:"))
        while len(body) < length:
            body += self._more()
        if status.split(" ")[1] != "200":
            raise SystemExit(f"GET {path}: {status}: {body!r}")
        return body

    def _more(self):
        piece = self.socket.recv(65536)
        if not piece:
            raise SystemExit("the handler hung up")
        return piece


def instructions(binary, data, path, requests, profile=None):
    """From exec to the end, with so many requests of one kind between."""
    port = free_port()
    environment = {**settings(data), "FUNCTIONS_CUSTOMHANDLER_PORT": str(port)}
    with Counted([binary], environment, profile) as handler:
        connection = Connection(port, time.monotonic() + ANSWER_DEADLINE_S)
        for _ in range(requests):
            connection.get(path)
        return handler.stopped()
