"""Records over HTTP as Confluent's REST interface takes them (v3, one record a request), handed on to a real broker."""
import base64
import http.server
import json
import threading

# How long a record may take to be kept.
KEPT_S = 10


class Rest:
    """`url` is the cluster's. `lose_next` makes it say of the next records that they failed, after keeping them."""

    def __init__(self, broker, key, secret):
        self.authorization = "Basic " + base64.b64encode(f"{key}:{secret}".encode()).decode()
        self.producer = broker.producer()
        self.answers_lost = 0
        self.lose_next = 0
        rest = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"]))
                status, answer = rest.answer(self.path, self.headers, body)
                text = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            def log_message(self, *_):
                pass

        class Server(http.server.ThreadingHTTPServer):
            def handle_error(self, *_):
                pass  # Whoever asked was killed.

        self.server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/kafka/v3/clusters/local"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def answer(self, path, headers, body):
        before, _, topic = path.removesuffix("/records").rpartition("/topics/")
        if before != "/kafka/v3/clusters/local" or not path.endswith("/records"):
            return 404, {"error_code": 404, "message": "HTTP 404 Not Found"}
        if headers["authorization"] != self.authorization:
            return 401, {"error_code": 40101, "message": "Unauthorized"}
        if headers["content-type"] != "application/json":
            return 415, {"error_code": 415, "message": "HTTP 415 Unsupported Media Type"}
        report = self.produced(topic, json.loads(body))
        if self.lose_next:
            self.lose_next -= 1
            self.answers_lost += 1
            return 500, {"error_code": 50003, "message": "the record was kept, and this answer says otherwise"}
        return 200, report

    def produced(self, topic, record):
        report = {}

        def kept(error, message):
            if error:
                report.update({"error_code": 50002, "message": str(error)})
            else:
                report.update({"error_code": 200, "cluster_id": "local", "topic_name": topic, "partition_id": message.partition(), "offset": message.offset()})

        self.producer.produce(
            topic,
            value=data(record.get("value")),
            key=data(record.get("key")),
            headers=[(header["name"], base64.b64decode(header["value"])) for header in record.get("headers", [])],
            on_delivery=kept,
        )
        self.producer.flush(KEPT_S)
        return report or {"error_code": 40801, "message": "not kept in time"}


def data(part):
    if part is None:
        return None
    return {
        "BINARY": lambda: base64.b64decode(part["data"]), "STRING": lambda: part["data"].encode(),
        "JSON": lambda: json.dumps(part["data"]).encode(),
    }[part["type"]]()
