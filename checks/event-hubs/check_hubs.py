"""The official Event Hubs SDK for Python, unchanged: `python check_hubs.py AMQP HTTP_URL BLOB_URL`.

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

from azure.eventhub import EventData, EventHubConsumerClient, EventHubProducerClient
from azure.eventhub.exceptions import EventHubError
from azure.eventhub.extensions.checkpointstoreblob import BlobCheckpointStore

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


def hub(partitions=4):
    """Declares a hub that no other check uses, and returns its name."""
    name = f"hub-{os.getpid()}-{next(_numbers)}"
    body = json.dumps({"partitions": partitions}).encode()
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


@check
def a_hub_and_its_partitions_are_described():
    name = hub(3)
    with producer(name) as client:
        properties = client.get_eventhub_properties()
        assert (properties["eventhub_name"], properties["partition_ids"]) == (name, ["0", "1", "2"])
        assert client.get_partition_properties("1")["is_empty"]
        client.send_event(EventData("x"), partition_id="1")
        one = client.get_partition_properties("1")
        assert (one["is_empty"], one["last_enqueued_sequence_number"]) == (False, 0)


@check
def a_batch_with_a_key_arrives_in_its_order_with_all_that_was_said_of_its_events():
    name = hub()
    first = EventData('{"n":1}')
    first.properties = {"ce_type": "a.b", "n": 5}
    first.content_type = "avro/binary+0123456789abcdef0123456789abcdef"
    first.correlation_id = "c1"
    first.message_id = "m1"
    with producer(name) as client:
        batch = client.create_batch(partition_key="account-1")
        batch.add(first)
        batch.add(EventData(b"\x00\xff"))
        client.send_batch(batch)
    (partition, one), (_, two) = received(name, 2)
    assert (partition, one.partition_key, one.sequence_number) == ("2", b"account-1", 0), (partition, one)
    assert one.properties == {b"ce_type": b"a.b", b"n": 5}, one.properties
    assert one.content_type == "avro/binary+0123456789abcdef0123456789abcdef"
    assert (one.message_id, one.correlation_id) == ("m1", "c1")
    assert b"".join(two.body) == b"\x00\xff"
    assert int(two.offset) > int(one.offset)


@check
def keys_lie_in_the_partitions_that_the_service_chooses():
    # Its buffered producer chooses by itself, and otherwise for "a" (4), "12345678901" (15) and "Åsa" (28).
    vectors = {"a": 28, "k1": 8, "Åsa": 13, "12345678901": 17, "123456789012": 21}
    name = hub(32)
    with producer(name) as client:
        for key in vectors:
            client.send_event(EventData(key), partition_key=key)
    lying = {event.body_as_str(): int(partition) for partition, event in received(name, len(vectors))}
    assert lying == vectors, lying


@check
def a_partition_is_read_from_an_offset_and_a_number():
    name = hub(1)
    with producer(name) as client:
        for body in ["a", "b", "c"]:
            client.send_event(EventData(body))
    all_of_them = received(name, 3)

    def bodies(count, position, inclusive):
        found = received(name, count, starting_position=position, starting_position_inclusive=inclusive)
        return [event.body_as_str() for _, event in found]

    offset = all_of_them[1][1].offset
    assert bodies(1, offset, False) == ["c"]
    assert bodies(2, offset, True) == ["b", "c"]
    assert bodies(1, 1, False) == ["c"]
    assert bodies(1, all_of_them[1][1].enqueued_time, False) == ["c"]


@check
def a_reader_with_a_higher_epoch_displaces_one_with_a_lower():
    name = hub(1)
    told = {}
    clients = []

    def read(who, level):
        client = consumer(name, retry_total=0)
        clients.append(client)

        def on_event(_, event):
            if event is not None:
                told.setdefault(who, []).append(event.body_as_str())

        def on_close(_, reason):
            told[f"{who} closed"] = reason.name

        options = {"partition_id": "0", "starting_position": "-1", "owner_level": level}
        threading.Thread(
            target=lambda: client.receive(on_event=on_event, on_partition_close=on_close, **options), daemon=True
        ).start()

    with producer(name) as sender:
        sender.send_event(EventData("x"))
    read("low", 1)
    eventually("the first reads", lambda: told.get("low"))
    read("high", 5)
    eventually("the second reads", lambda: told.get("high"))
    eventually("the first is displaced", lambda: told.get("low closed") == "OWNERSHIP_LOST")
    assert "high closed" not in told
    for client in clients:
        client.close()


@check
def a_hub_that_was_not_declared_is_not_found_and_a_wrong_key_opens_nothing():
    for client in [
        producer("nowhere", retry_total=0),
        EventHubProducerClient.from_connection_string(connection("another"), eventhub_name=hub(1), retry_total=0),
    ]:
        try:
            client.send_event(EventData("x"))
        except EventHubError:
            continue
        finally:
            client.close()
        raise AssertionError("nothing was refused")


@check
def a_processor_goes_on_behind_its_checkpoint_in_a_blob():
    name = hub(2)
    store = BlobCheckpointStore.from_connection_string(STORAGE, container_name=name)
    store._container_client.create_container()

    def processed(count):
        bodies = []
        client = consumer(name, checkpoint_store=store, load_balancing_interval=1)

        def on_event(context, event):
            if event is not None:
                context.update_checkpoint(event)
                bodies.append(event.body_as_str())

        reading = threading.Thread(
            target=lambda: client.receive(on_event=on_event, starting_position="-1"), daemon=True
        )
        reading.start()
        eventually(f"{count} events", lambda: len(bodies) >= count)
        client.close()
        reading.join(DEADLINE_S)
        return sorted(bodies)

    with producer(name) as sender:
        sender.send_event(EventData("a"), partition_id="0")
        sender.send_event(EventData("b"), partition_id="1")
        assert processed(2) == ["a", "b"]
        sender.send_event(EventData("c"), partition_id="0")
    assert processed(1) == ["c"]


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


run()
