"""The official Event Hubs SDK for Python, unchanged: `python check_hubs.py AMQP HTTP_URL BLOB_URL`."""

import logging
import sys
import threading
import time

from azure.eventhub import EventData, EventHubProducerClient
from azure.eventhub.exceptions import EventHubError
from azure.eventhub.extensions.checkpointstoreblob import BlobCheckpointStore

from harness import DEADLINE_S, STORAGE, check, connection, consumer, eventually, hub, producer, received, run


class Complaints(logging.Handler):
    """What the SDK warns of while it reads."""

    def __init__(self):
        super().__init__(logging.WARNING)
        self.texts = []

    def emit(self, record):
        self.texts.append(record.getMessage())


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
            # No two of them in one millisecond: the hub has no smaller unit of time.
            time.sleep(0.005)
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
    complaints = Complaints()
    logging.getLogger("azure.eventhub").addHandler(complaints)

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
    about_claims = [text for text in complaints.texts if "claim" in text or "ownership" in text]
    assert about_claims == [], about_claims
    namespace = next(iter(store._container_client.list_blob_names())).split("/")[0]
    owners = list(store.list_ownership(namespace, name, "$Default"))
    assert sorted(owner["partition_id"] for owner in owners) == ["0", "1"], owners
    assert all(owner["last_modified_time"] and owner["etag"] for owner in owners), owners


if __name__ == "__main__":
    sys.exit(run())
