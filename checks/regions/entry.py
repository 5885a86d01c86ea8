"""The entry for the world, as Front Door is one: probes the regions and sends each request to the first healthy one, seen
from where the client is. It asks no second region for the same request."""
import http.client
import threading
import time
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

# As in terraform/modules/front_door, but for the interval: 30 s there, so a second here is a minute there.
SAMPLE_SIZE = 4
SUCCESSFUL_SAMPLES_REQUIRED = 3
PROBE_INTERVAL_S = 0.5
SECONDS_THERE_FOR_ONE_HERE = 30 / PROBE_INTERVAL_S
PROBE_DEADLINE_S = 2
REQUEST_DEADLINE_S = 20
PROBED = "/v1/health/ready"
PASSED_ON = ("content-type", "if-match", "idempotency-key", "accept", "webhook-id", "webhook-timestamp", "webhook-signature")
ANSWERED = ("content-type", "etag", "location", "retry-after")


def call(url, method, path, body=None, headers=None, deadline_s=REQUEST_DEADLINE_S):
    """Status, headers in lower case, body; an OSError if nobody answers."""
    connection = http.client.HTTPConnection(urllib.parse.urlsplit(url).netloc, timeout=deadline_s)
    try:
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    except http.client.HTTPException as error:
        raise ConnectionError(f"{method} {path}: {type(error).__name__}") from error
    finally:
        connection.close()


class Origins:
    """The regions and what the probes say of them; `urls` may change while it runs."""

    def __init__(self, urls, probed=PROBED):
        self.urls, self.probed, self.drained, self.over = dict(urls), probed, set(), threading.Event()
        self.samples = {}
        self.watch(urls)

    def watch(self, urls):
        """Takes up more regions."""
        self.urls.update(urls)
        for name in urls:
            self.samples[name] = [True] * SAMPLE_SIZE
            threading.Thread(target=self._probe, args=(name,), daemon=True).start()

    def _probe(self, name):
        while not self.over.wait(PROBE_INTERVAL_S):
            try:
                good = call(self.urls[name], "GET", self.probed, deadline_s=PROBE_DEADLINE_S)[0] == 200
            except OSError:
                good = False
            self.samples[name] = [*self.samples[name][1:], good]

    def healthy(self, name):
        return name not in self.drained and sum(self.samples[name]) >= SUCCESSFUL_SAMPLES_REQUIRED

    def choose(self, preferred):
        """The first healthy region. When none is, the first: Front Door then asks all as if they were."""
        return next((name for name in preferred if self.healthy(name)), preferred[0])


class Entry:
    """The entry as clients of one place of the world see it: the nearest region comes first in `preferred`, which may change."""

    def __init__(self, origins, preferred):
        entry = self
        self.served = {name: 0 for name in preferred}

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def log_message(self, *_):
                pass

            def forward(self):
                body = self.rfile.read(int(self.headers.get("content-length", 0)))
                headers = {name: self.headers[name] for name in PASSED_ON if self.headers[name]}
                region = origins.choose(preferred)
                try:
                    status, answered, content = call(origins.urls[region], self.command, self.path, body, headers)
                    entry.served[region] += status < 500
                except OSError:
                    status, answered, content = 503, {}, b""
                self.send_response(status)
                for name in ANSWERED:
                    if name in answered:
                        self.send_header(name, answered[name])
                self.send_header("content-length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_POST = do_PATCH = forward

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{server.server_port}"
        self.stop = server.shutdown
