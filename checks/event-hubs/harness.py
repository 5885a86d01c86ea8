"""What the checks in Python have in common: `python check_….py AMQP HTTP_URL BLOB_URL`.

Prints one line per check and "N passed, N failed"; exits with 1 when one failed.
"""

import itertools
import json
import os
import sys
import threading
import time
import traceback
import urllib.request

from azure.eventhub import EventHubConsumerClient, EventHubProducerClient

AMQP = sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1:5672"
HTTP_URL = sys.argv[2] if len(sys.argv) > 2 else "http://127.0.0.1:5300/"
BLOB_URL = sys.argv[3] if len(sys.argv) > 3 else "http://127.0.0.1:10000/devstoreaccount1"
# The published key of the development account, the same for everybody.
STORAGE_KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
STORAGE = (
    f"DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey={STORAGE_KEY};BlobEndpoint={BLOB_URL};"
)
# The first sending of this SDK takes more than a second, whatever the service.
DEADLINE_S = 60

_checks = []
_numbers = itertools.count(1)


def check(function):
    _checks.append(function)
    return function


def connection(key="SAS_KEY_VALUE"):
    return (
        f"Endpoint=sb://{AMQP};SharedAccessKeyName=RootManageSharedAccessKey;SharedAccessKey={key};"
        "UseDevelopmentEmulator=true"
    )


def hub(partitions=4, **more):
    """Declares a hub that no other check uses, and returns its name."""
    name = f"hub-{os.getpid()}-{next(_numbers)}"
    body = json.dumps({"partitions": partitions, **more}).encode()
    request = urllib.request.Request(f"{HTTP_URL}$local/eventhubs/{name}", data=body, method="PUT")
    with urllib.request.urlopen(request) as answer:
        assert answer.status == 201
    return name


def producer(name, **options):
    return EventHubProducerClient.from_connection_string(connection(), eventhub_name=name, **options)


def consumer(name, **options):
    return EventHubConsumerClient.from_connection_string(
        connection(), consumer_group="$Default", eventhub_name=name, **options
    )


def eventually(what, condition):
    end = time.monotonic() + DEADLINE_S
    while not condition():
        assert time.monotonic() < end, f"{what}: not within {DEADLINE_S} s"
        time.sleep(0.05)


def received(name, count, **position):
    """The first so many events from a position on, each with its partition."""
    events = []
    client = consumer(name)

    def on_event(context, event):
        if event is not None:
            events.append((context.partition_id, event))

    position.setdefault("starting_position", "-1")
    reading = threading.Thread(target=lambda: client.receive(on_event=on_event, **position), daemon=True)
    reading.start()
    try:
        eventually(f"{count} events", lambda: len(events) >= count)
    finally:
        client.close()
        reading.join(DEADLINE_S)
    assert len(events) == count, "no more than were sent"
    return events


def run():
    passed = 0
    for function in _checks:
        name = function.__name__.replace("_", " ")
        try:
            function()
            passed += 1
            print(f"ok    {name}", flush=True)
        except Exception:
            print(f"FAIL  {name}\n{traceback.format_exc()}", flush=True)
    print(f"{passed} passed, {len(_checks) - passed} failed", flush=True)
    # Threads of the SDK may still wait for a connection.
    os._exit(0 if passed == len(_checks) else 1)
