"""Plain HTTP: requests, and the REST interfaces of Cosmos DB, Blob and Queue with the development account's key."""
import base64
import hashlib
import hmac
import json
import re
import urllib.error
import urllib.request
from email.utils import formatdate
from urllib.parse import quote, urlsplit

# https://learn.microsoft.com/azure/storage/common/storage-use-azurite#well-known-storage-account-and-key
ACCOUNT = "devstoreaccount1"
ACCOUNT_KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
VERSION = "2021-12-02"
TIMEOUT_S = 20


class Response:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def text(self):
        return self.body.decode()

    @property
    def json(self):
        return json.loads(self.body)


def request(method, url, body=None, headers=None):
    wanted = urllib.request.Request(url, data=body, headers=headers or {}, method=method)
    try:
        with urllib.request.urlopen(wanted, timeout=TIMEOUT_S) as answer:
            return Response(answer.status, answer.headers, answer.read())
    except urllib.error.HTTPError as error:
        with error:
            return Response(error.code, error.headers, error.read())


def storage(method, url, body=b"", headers=None):
    """A request signed as https://learn.microsoft.com/rest/api/storageservices/authorize-with-shared-key says."""
    headers = {"x-ms-date": formatdate(usegmt=True), "x-ms-version": VERSION, **(headers or {})}
    if body:
        headers.setdefault("content-type", "application/octet-stream")
    parts = urlsplit(url)
    length = str(len(body)) if body else ""
    standard = ["", "", length, "", headers.get("content-type", ""), "", "", "", "", "", ""]
    ours = sorted((name, value) for name, value in headers.items() if name.startswith("x-ms-"))
    parameters = sorted(pair.split("=", 1) for pair in parts.query.split("&") if pair)
    signed = [method, *standard, *(f"{name}:{value}" for name, value in ours), f"/{ACCOUNT}{parts.path}"]
    text = "\n".join(signed + [f"{name}:{value}" for name, value in parameters])
    signature = hmac.new(base64.b64decode(ACCOUNT_KEY), text.encode(), hashlib.sha256).digest()
    headers["authorization"] = f"SharedKey {ACCOUNT}:{base64.b64encode(signature).decode()}"
    return request(method, url, body or None, headers)


def messages(host, queue):
    """The texts of the messages in a queue, left where they are; none when there is no such queue."""
    answer = storage("GET", f"{host.queue_url}/{queue}/messages?numofmessages=32&peekonly=true")
    if answer.status == 404:
        return []
    assert answer.status == 200, f"peeking at {queue}: {answer.status} {answer.text}"
    return [base64.b64decode(text).decode() for text in re.findall("<MessageText>(.*?)</MessageText>", answer.text)]


def send(host, queue, text):
    assert storage("PUT", f"{host.queue_url}/{queue}").status in (201, 204)
    encoded = base64.b64encode(text.encode()).decode()
    body = f"<QueueMessage><MessageText>{encoded}</MessageText></QueueMessage>".encode()
    answer = storage("POST", f"{host.queue_url}/{queue}/messages", body, {"content-type": "application/xml"})
    assert answer.status == 201, f"sending to {queue}: {answer.status} {answer.text}"


def upload(host, path, content):
    answer = storage("PUT", f"{host.blob_url}/{path}", content, {"x-ms-blob-type": "BlockBlob"})
    assert answer.status == 201, f"uploading {path}: {answer.status} {answer.text}"


def blob(host, path):
    """A blob's content, or nothing."""
    answer = storage("GET", f"{host.blob_url}/{path}")
    return answer.body if answer.status == 200 else None


def put_document(host, database, container, document):
    url = f"{host.cosmos_url}/dbs/{database}/colls/{container}/docs"
    headers = {
        "content-type": "application/json",
        "x-ms-version": "2018-12-31",
        "x-ms-documentdb-partitionkey": json.dumps([document["id"]]),
        "x-ms-documentdb-is-upsert": "true",
    }
    answer = request("POST", url, json.dumps(document).encode(), headers)
    assert answer.status in (200, 201), f"writing a document: {answer.status} {answer.text}"


def document(host, database, container, identifier):
    """A document, or nothing."""
    url = f"{host.cosmos_url}/dbs/{database}/colls/{container}/docs/{quote(identifier)}"
    partition = json.dumps([identifier])
    answer = request("GET", url, headers={"x-ms-version": "2018-12-31", "x-ms-documentdb-partitionkey": partition})
    return answer.json if answer.status == 200 else None
