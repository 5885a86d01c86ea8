"""A custom handler as Microsoft's documentation describes it, with nothing but Python's own library.

https://learn.microsoft.com/azure/azure-functions/functions-custom-handlers
"""
import base64
import json
import os
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit


def encoded(text):
    """The host takes any string that looks like base64 for base64, so text goes there as base64."""
    return base64.b64encode(text.encode()).decode()


def greeting(name):
    return f"Hello, {name or 'stranger'}, from Python"


def hello(data, metadata):
    """Only called when host.json does not let requests through as they are."""
    body = greeting(data["req"]["Params"].get("name"))
    return {"Outputs": {"res": {"statusCode": 200, "headers": {"x-mode": "enveloped"}, "body": body}}}


def order(data, metadata):
    request = data["req"]
    order_id = request["Params"]["orderId"]
    message = {"orderId": order_id, **json.loads(request["Body"])}
    response = {
        "statusCode": 202,
        "headers": {"content-type": "application/json", "location": f"/api/orders/{order_id}"},
        "body": json.dumps({"orderId": order_id, "state": "accepted"}),
    }
    return {
        "Outputs": {"res": response, "message": encoded(json.dumps(message))},
        "Logs": [f"order {order_id} accepted"],
    }


def work(data, metadata):
    wanted = json.loads(json.loads(data["order"]))
    if wanted["item"] == "broken":
        raise ValueError(f"cannot make {wanted['item']}, attempt {metadata['DequeueCount']}")
    receipt = f"{wanted['quantity']} x {wanted['item']}"
    document = {"id": wanted["orderId"], "item": wanted["item"], "quantity": wanted["quantity"]}
    return {
        "Outputs": {
            "receipt": encoded(receipt),
            "paper": encoded(f"Receipt {wanted['orderId']}\n{receipt}\n"),
            "document": document,
        },
        "Logs": [f"made {receipt}"],
    }


def changed(data, metadata):
    documents = json.loads(json.loads(data["documents"]))
    return {"Outputs": {"changes": [f"{document['id']}: {document['item']}" for document in documents]}}


def copy(data, metadata):
    text = base64.b64decode(data["content"]).decode()
    return {"Outputs": {"copy": encoded(text.upper())}, "Logs": [f"copied {json.loads(metadata['name'])}"]}


def uploaded(data, metadata):
    event = data["event"]
    seen = f"{event['eventType']} {event['subject']} {event['data']['contentLength']}"
    return {"Outputs": {"seen": encoded(seen)}}


def tick(data, metadata):
    return {"Outputs": {"tick": encoded(f"past due: {str(data['timer']['IsPastDue']).lower()}")}}


# What the host posts as {"Data": …, "Metadata": …}, by path.
INVOCATIONS = {
    "/Hello": hello,
    "/Order": order,
    "/Work": work,
    "/Changed": changed,
    "/Copy": copy,
    "/Uploaded": uploaded,
    "/Tick": tick,
}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self):
        self.answer()

    def do_POST(self):
        self.answer()

    def answer(self):
        url = urlsplit(self.path)
        body = self.body()
        if url.path.startswith("/api/"):
            self.direct(url, body)
        elif self.command == "POST" and url.path in INVOCATIONS:
            self.invoked(INVOCATIONS[url.path], body)
        else:
            self.reply(404, {}, b"")

    def direct(self, url, body):
        """Requests that come as the client sent them."""
        if url.path == "/api/crash":
            os._exit(7)
        name = unquote(url.path.removeprefix("/api/hello").removeprefix("/"))
        status = int(parse_qs(url.query).get("status", ["200"])[0])
        headers = {
            "content-type": self.headers.get("content-type", "text/plain"),
            "x-mode": "proxied",
            "x-pid": str(os.getpid()),
            "x-target": self.path,
            "x-saw-invocation": self.headers.get("x-azure-functions-invocationid", ""),
        }
        self.reply(status, headers, body or greeting(name).encode())

    def invoked(self, function, body):
        try:
            invocation = json.loads(body)
            result = function(invocation["Data"], invocation["Metadata"])
        except Exception as error:
            print(error, file=sys.stderr)
            self.reply(500, {}, b"")
            return
        self.reply(200, {"content-type": "application/json"}, json.dumps(result).encode())

    def body(self):
        """The host sends invocations in chunks, which http.server leaves to us."""
        if self.headers.get("transfer-encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("content-length", 0)))
        chunks = []
        while size := int(self.rfile.readline(), 16):
            chunks.append(self.rfile.read(size))
            self.rfile.readline()
        while self.rfile.readline() not in (b"\r\n", b"\n", b""):
            pass
        return b"".join(chunks)

    def reply(self, status, headers, body):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format, *arguments):
        pass


if __name__ == "__main__":
    port = int(os.environ["FUNCTIONS_CUSTOMHANDLER_PORT"])
    print("listening", flush=True)
    ThreadingHTTPServer(("127.0.0.1", port), Handler).serve_forever()
