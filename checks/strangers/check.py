"""Runs a stranger's app in the local host and looks at what comes out: `check.py IOMMI APP_FOLDER [AZURITE]`.

With the path of Azurite the app also runs with its queues and blobs there.
"""
import json
import os
import random
import sys
import traceback

from host import Azurite, Host, eventually
from rest import blob, document, messages, put_document, request, send, storage, upload

MAX_DEQUEUE_COUNT = 5
LARGE_BODY_BYTES = 3_000_000
WITHOUT_PROXYING = {"AzureFunctionsJobHost__customHandler__enableProxyingHttpRequest": "false"}
JSON = {"content-type": "application/json"}


def equal(found, expected):
    assert found == expected, f"{found!r} is not {expected!r}"


# HTTP, as the client sent it.

def a_request_reaches_the_handler_as_it_was_sent(host):
    answer = request("GET", f"{host.url}/api/hello/a%20b?a=1&a=2")
    equal((answer.status, answer.headers["x-mode"]), (200, "proxied"))
    equal(answer.headers["x-target"], "/api/hello/a%20b?a=1&a=2")
    assert answer.text.startswith("Hello, a b, from "), answer.text
    assert answer.headers["x-saw-invocation"], "no invocation id"


def an_optional_parameter_may_be_left_out(host):
    assert request("GET", f"{host.url}/api/hello").text.startswith("Hello, stranger")


def a_large_body_comes_back_unchanged(host):
    body = random.Random(7).randbytes(LARGE_BODY_BYTES)
    answer = request("POST", f"{host.url}/api/hello", body, {"content-type": "application/octet-stream"})
    equal((answer.status, answer.headers["content-type"]), (200, "application/octet-stream"))
    assert answer.body == body, f"{len(answer.body)} other bytes came back"


def the_handlers_status_is_the_clients(host):
    equal(request("GET", f"{host.url}/api/hello?status=418").status, 418)


def a_wrong_method_and_an_unknown_path_are_404(host):
    for method, path in [("DELETE", "/api/hello"), ("GET", "/api/nothing"), ("GET", "/hello")]:
        answer = request(method, f"{host.url}{path}")
        equal((path, answer.status, answer.body), (path, 404, b""))


def a_crash_is_a_500_and_the_next_request_finds_a_new_handler(host):
    before = request("GET", f"{host.url}/api/hello").headers["x-pid"]
    # With a body: a request without one is sent again, and crashes the next handler too.
    answer = request("POST", f"{host.url}/api/crash", b"a body")
    equal((answer.status, answer.body), (500, b""))
    after = request("GET", f"{host.url}/api/hello").headers["x-pid"]
    assert before != after, f"still process {after}"


# An order on its way: HTTP enveloped, queue, blob, Cosmos DB, change feed, queue.

def an_http_function_with_a_second_output_is_enveloped(host):
    order = {"item": "tea", "quantity": 2}
    answer = request("POST", f"{host.url}/api/orders/o-1", json.dumps(order).encode(), JSON)
    equal((answer.status, answer.json), (202, {"orderId": "o-1", "state": "accepted"}))
    equal(answer.headers["location"], "/api/orders/o-1")
    eventually("the line from `Logs`", lambda: host.log(message="order o-1 accepted"))


def its_message_starts_a_function_whose_outputs_are_written(host):
    eventually("the receipt", lambda: "2 x tea" in messages(host, "receipts"))
    eventually("the paper", lambda: blob(host, "receipts/o-1.txt") == b"Receipt o-1\n2 x tea\n")
    stored = eventually("the document", lambda: document(host, host.database, "orders", "o-1"))
    equal((stored["item"], stored["quantity"]), ("tea", 2))


def its_document_comes_out_of_the_change_feed(host):
    eventually("the change", lambda: "o-1: tea" in messages(host, "changes"))


def a_document_written_by_another_client_does_too(host):
    for number in range(20):
        put_document(host, host.database, "orders", {"id": f"bulk-{number}", "item": f"item {number}"})
    wanted = {f"bulk-{number}: item {number}" for number in range(20)}
    eventually("20 changes", lambda: wanted <= set(messages(host, "changes")))


def a_message_that_always_fails_is_tried_five_times_and_poisoned(host):
    order = json.dumps({"orderId": "o-2", "item": "broken", "quantity": 1})
    before = len(host.log(function="Work", outcome="failed"))
    send(host, "orders", order)
    eventually("the poison message", lambda: order in messages(host, "orders-poison"))
    equal(len(host.log(function="Work", outcome="failed")) - before, MAX_DEQUEUE_COUNT)
    equal(messages(host, "orders"), [])
    said = [line["message"] for line in host.lines if "cannot make broken" in line.get("message", "")]
    assert any(str(MAX_DEQUEUE_COUNT) in line for line in said), said


# Blobs and events.

def a_blob_is_copied_by_a_blob_trigger(host):
    upload(host, "incoming/note.txt", "kept by héron".encode())
    eventually("the copy", lambda: blob(host, "copies/note.txt") == "KEPT BY HÉRON".encode())


def a_new_blob_is_an_event(host):
    upload(host, "uploads/folder/picture.png", b"\x89PNG")
    subject = "/blobServices/default/containers/uploads/blobs/folder/picture.png"
    wanted = f"Microsoft.Storage.BlobCreated {subject} 4"
    eventually("the event", lambda: wanted in messages(host, "seen"))


def a_webhook_validates_delivers_and_refuses(host):
    webhook = f"{host.url}/runtime/webhooks/EventGrid?functionName="
    event = {
        "id": "e-1", "eventType": "Shop.Opened", "subject": "main-street", "eventTime": "2026-01-02T03:04:05Z",
        "dataVersion": "1", "topic": "t", "data": {"contentLength": 0, "validationCode": "v-1"},
    }
    body = json.dumps([event]).encode()
    kind = lambda name: {**JSON, "aeg-event-type": name}
    validation = request("POST", webhook + "Uploaded", body, kind("SubscriptionValidation"))
    equal((validation.status, validation.json), (200, {"validationResponse": "v-1"}))
    equal(request("POST", webhook + "Uploaded", body, kind("Notification")).status, 202)
    eventually("the event", lambda: "Shop.Opened main-street 0" in messages(host, "seen"))
    equal(request("POST", webhook + "Uploaded", body, JSON).status, 400)
    equal(request("POST", webhook + "Nobody", body, kind("Notification")).status, 404)


# Time and hand.

def a_timer_ticks(host):
    eventually("a tick", lambda: "past due: false" in messages(host, "ticks"))


def a_function_is_run_by_hand(host):
    order = json.dumps({"orderId": "o-3", "item": "by hand", "quantity": 3})
    body = json.dumps({"input": order}).encode()
    answer = request("POST", f"{host.url}/admin/functions/Work", body, JSON)
    equal((answer.status, answer.body), (202, b""))
    eventually("its receipt", lambda: "3 x by hand" in messages(host, "receipts"))
    equal(request("POST", f"{host.url}/admin/functions/Nobody", body, JSON).status, 404)


def every_function_is_listed(host):
    names = sorted(function["name"] for function in request("GET", f"{host.url}/admin/functions").json)
    equal(names, ["Changed", "Copy", "Crash", "Hello", "Order", "Tick", "Uploaded", "Work"])


# With the settings changed.

def without_proxying_every_http_function_is_enveloped(host):
    answer = request("GET", f"{host.url}/api/hello/you")
    equal((answer.status, answer.headers["x-mode"]), (200, "enveloped"))
    equal(answer.headers["content-type"], "text/plain; charset=utf-8")
    assert answer.text.startswith("Hello, you, from "), answer.text


def a_404_in_answer_to_an_envelope_is_a_500_for_the_client(host):
    # With a body: a request without one is sent again, and crashes the next handler too.
    answer = request("POST", f"{host.url}/api/crash", b"a body")
    equal((answer.status, answer.body), (500, b""))


def with_keys_a_function_needs_one_and_an_anonymous_one_does_not(host):
    order = json.dumps({"item": "tea", "quantity": 2}).encode()
    url = f"{host.url}/api/orders/o-1"
    equal(request("GET", f"{host.url}/api/hello").status, 200)
    refused = request("POST", url, order, JSON)
    equal((refused.status, refused.body), (401, b""))
    equal(request("POST", url, order, {**JSON, "x-functions-key": "wrong"}).status, 401)
    equal(request("GET", f"{host.url}/admin/functions").status, 401)


def ctrl_c_ends_the_host_and_its_handler(host):
    handler = int(request("GET", f"{host.url}/api/hello").headers["x-pid"])
    equal(host.interrupt(), 0)
    eventually("the handler is gone", lambda: not os.path.exists(f"/proc/{handler}"))


AS_SHIPPED = [
    a_request_reaches_the_handler_as_it_was_sent,
    an_optional_parameter_may_be_left_out,
    a_large_body_comes_back_unchanged,
    the_handlers_status_is_the_clients,
    a_wrong_method_and_an_unknown_path_are_404,
    an_http_function_with_a_second_output_is_enveloped,
    its_message_starts_a_function_whose_outputs_are_written,
    its_document_comes_out_of_the_change_feed,
    a_document_written_by_another_client_does_too,
    a_message_that_always_fails_is_tried_five_times_and_poisoned,
    a_blob_is_copied_by_a_blob_trigger,
    a_new_blob_is_an_event,
    a_webhook_validates_delivers_and_refuses,
    a_timer_ticks,
    a_function_is_run_by_hand,
    every_function_is_listed,
    a_crash_is_a_500_and_the_next_request_finds_a_new_handler,
    ctrl_c_ends_the_host_and_its_handler,
]
ENVELOPED = [without_proxying_every_http_function_is_enveloped, a_404_in_answer_to_an_envelope_is_a_500_for_the_client]
WITH_KEYS = [with_keys_a_function_needs_one_and_an_anonymous_one_does_not]
# Azurite raises no events, so nothing tells of new blobs there.
ON_AZURITE = [check for check in AS_SHIPPED if check not in (a_blob_is_copied_by_a_blob_trigger, a_new_blob_is_an_event)]


def judge(check, host):
    name = check.__name__.replace("_", " ")
    try:
        check(host)
    except Exception:
        print(f"  FAILED {name}\n{traceback.format_exc(limit=-2)}")
        return False
    print(f"  ok {name}")
    return True


def judge_all(checks, host):
    with host:
        results = [judge(check, host) for check in checks]
        if not all(results):
            print("  the end of the host's log:")
            for line in host.lines[-30:]:
                print("   ", json.dumps(line))
    return results


def main(binary, folder, azurite=None):
    results = judge_all(AS_SHIPPED, Host(binary, folder))
    results += judge_all(ENVELOPED, Host(binary, folder, **WITHOUT_PROXYING))
    results += judge_all(WITH_KEYS, Host(binary, folder, "--keys"))
    if azurite:
        with Azurite(azurite) as storage:
            print("  with queues and blobs in Azurite")
            host = Host(binary, folder, AzureWebJobsStorage=storage.connection_string)
            host.blob_url, host.queue_url = storage.blob_url, storage.queue_url
            results += judge_all(ON_AZURITE, host)
    print(f"{results.count(True)} passed, {results.count(False)} failed")
    return 0 if all(results) else 1


sys.exit(main(*sys.argv[1:]))
