"""How long thousands of events take with the SDK for Python: `python storm.py AMQP HTTP_URL BLOB_URL`."""

import os
import sys
import time

from azure.eventhub import EventData

from harness import hub, producer, received

BODY = "x" * 1_000


def main():
    name = hub(4)
    with producer(name) as client:
        # The first sending takes more than a second, whatever is sent.
        client.send_event(EventData("first"), partition_id="0")
        began = time.monotonic()
        for number in range(20):
            batch = client.create_batch(partition_id=str(number % 4))
            for _ in range(500):
                batch.add(EventData(BODY))
            client.send_batch(batch)
        print(f"AMQP, send 10,000 events of 1 kB in batches of 500: {time.monotonic() - began:.1f} s", flush=True)
    began = time.monotonic()
    received(name, 10_001)
    print(f"AMQP, receive 10,000 events: {time.monotonic() - began:.1f} s", flush=True)
    # Threads of the SDK may still wait for a connection.
    os._exit(0)


if __name__ == "__main__":
    sys.exit(main())
