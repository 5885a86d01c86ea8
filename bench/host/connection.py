"""One kept-alive HTTP/1.1 connection on a raw socket: as little as possible beside what is measured."""
import socket

READ_BYTES = 1 << 16
TIMEOUT_S = 30


def get(path):
    """The bytes of a request."""
    return f"GET {path} HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n".encode()


class Response:
    """Fed with bytes as they arrive, until `complete`."""

    def __init__(self):
        self.bytes = bytearray()
        self.ends = None

    @property
    def status(self):
        return int(self.bytes[9:12])

    def feed(self, data):
        """Adds bytes; true when the response is there to its end."""
        self.bytes += data
        if self.ends is None:
            head, separator, _ = self.bytes.partition(b"\r\n\r\n")
            if not separator:
                return False
            self.ends = len(head) + 4 + content_length(bytes(head).lower())
        return len(self.bytes) >= self.ends


def content_length(head):
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name == b"content-length":
            return int(value)
    raise ValueError(f"the answer has no content-length: {head!r}")


def connect(port):
    connected = socket.create_connection(("127.0.0.1", port), TIMEOUT_S)
    connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connected


def exchange(connected, request):
    """Sends a request and waits for its response."""
    connected.sendall(request)
    response = Response()
    while True:
        data = connected.recv(READ_BYTES)
        if not data:
            raise ConnectionError("the connection was closed before the answer was complete")
        if response.feed(data):
            return response
