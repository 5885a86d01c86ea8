"""Files as Event Hubs Capture writes them (https://learn.microsoft.com/azure/event-hubs/explore-captured-avro-files), packed."""
import json
import os
import zlib

PROPERTIES = {"type": "map", "values": ["long", "double", "string", "bytes"]}
SCHEMA = {
    "type": "record", "name": "EventData", "namespace": "Microsoft.ServiceBus.Messaging",
    "fields": [
        {"name": "SequenceNumber", "type": "long"}, {"name": "Offset", "type": "string"}, {"name": "EnqueuedTimeUtc", "type": "string"},
        {"name": "SystemProperties", "type": PROPERTIES}, {"name": "Properties", "type": PROPERTIES}, {"name": "Body", "type": ["null", "bytes"]},
    ],
}
RECORDS_OF_A_BLOCK = 500


def long(number):
    number = (number << 1) ^ (number >> 63)
    written = bytearray()
    while number > 0x7F:
        written.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes(written) + bytes([number])


def text(value):
    value = value if isinstance(value, bytes) else value.encode()
    return long(len(value)) + value


def record(sequence, body):
    no_properties = long(0)
    fields = long(sequence) + text(str(sequence * 512)) + text("10/12/2026 8:30:00 AM")
    return fields + no_properties + no_properties + long(1) + text(body)


def write(bodies, first=0):
    """An object container file with the deflate codec."""
    sync = os.urandom(16)
    header = long(2) + text("avro.schema") + text(json.dumps(SCHEMA)) + text("avro.codec") + text("deflate") + long(0)
    parts = [b"Obj\x01", header, sync]
    for begin in range(0, len(bodies), RECORDS_OF_A_BLOCK):
        block = bodies[begin:begin + RECORDS_OF_A_BLOCK]
        records = b"".join(record(first + begin + number, body) for number, body in enumerate(block))
        packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
        parts += [long(len(block)), text(packer.compress(records) + packer.flush()), sync]
    return b"".join(parts)
