"""Capture files as Avro of another language reads them: `python check_capture.py AMQP HTTP_URL BLOB_URL`."""

import io
import re
import sys
from datetime import datetime, timezone

import fastavro
from azure.eventhub import EventData
from azure.storage.blob import ContainerClient

from harness import STORAGE, check, eventually, hub, producer, run

NAME = re.compile(r"local/(?P<hub>[^/]+)/(?P<partition>\d)/(?P<began>\d{4}/\d\d/\d\d/\d\d/\d\d/\d\d)\.avro")
FIELDS = ["SequenceNumber", "Offset", "EnqueuedTimeUtc", "SystemProperties", "Properties", "Body"]


@check
def what_the_sdk_sends_lies_in_files_that_fastavro_reads():
    container = ContainerClient.from_connection_string(STORAGE, "captured-in-python")
    container.create_container()
    name = hub(2, capture={"container": "captured-in-python", "seconds": 1, "bytes": 10_485_760})
    rich = EventData(b"\x00\xff")
    rich.properties = {"text": "é", "whole": 7, "share": 0.5, "truth": True, "raw": b"\x01"}
    rich.content_type = "avro/binary+0123456789abcdef0123456789abcdef"
    with producer(name) as sender:
        sender.send_event(rich, partition_id="0")
        sender.send_event(EventData("keyed"), partition_key="k1")
        for number in range(50):
            sender.send_event(EventData(f"event {number}"), partition_id="1")
    eventually("all is captured", lambda: sum(len(events) for _, events in files(container)) >= 52)

    by_partition = {"0": [], "1": []}
    for blob, events in files(container):
        said = NAME.fullmatch(blob)
        assert said and said["hub"] == name, blob
        began = datetime.strptime(said["began"] + " +0000", "%Y/%m/%d/%H/%M/%S %z")
        taken = datetime.strptime(events[0]["EnqueuedTimeUtc"], "%m/%d/%Y %I:%M:%S %p")
        assert began >= taken.replace(tzinfo=timezone.utc), (blob, taken)
        by_partition[said["partition"]] += events
    for events in by_partition.values():
        assert [event["SequenceNumber"] for event in events] == list(range(len(events)))
        assert all(list(event) == FIELDS for event in events)
    bodies = [event["Body"] for event in by_partition["1"]]
    assert [body for body in bodies if body.startswith(b"event ")] == [b"event %d" % n for n in range(50)]
    first = by_partition["0"][0]
    assert first["Body"] == b"\x00\xff"
    own = {"text": "é", "whole": 7, "share": 0.5, "truth": "true", "raw": b"\x01"}
    assert first["Properties"] == own, first["Properties"]
    assert first["SystemProperties"]["content-type"] == rich.content_type
    keyed = [event for events in by_partition.values() for event in events if event["Body"] == b"keyed"]
    assert keyed[0]["SystemProperties"]["x-opt-partition-key"] == "k1"


def files(container):
    """The names and events of all files, in the order of their names."""
    for blob in container.list_blobs():
        content = container.download_blob(blob.name).readall()
        reader = fastavro.reader(io.BytesIO(content))
        assert reader.codec == "deflate"
        yield blob.name, list(reader)


if __name__ == "__main__":
    sys.exit(run())
