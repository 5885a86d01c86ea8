#!/usr/bin/env python3
"""Publishers: a process of its own that sends as fast as it is answered.

Reads its task as a line of JSON from standard input, says `ready`, waits for a second line, sends over its connections, and writes
how many events were taken, in which time, and how long each answer took.
"""
import asyncio
import json
import sys
import time

ANSWER_DEADLINE_S = 30
BATCH = "application/vnd.microsoft.servicebus.json"


def request(task, number):
    """The bytes of one request: a batch, or one event with a key of its own."""
    body, keys = "x" * task["bytes"], task["keys"]
    if task["batch"] > 1:
        content, fields = json.dumps([{"Body": body}] * task["batch"]), f"content-type: {BATCH}\r\n"
    else:
        key = json.dumps({"PartitionKey": f"key-{number % keys}"})
        content, fields = body, f"content-type: application/json\r\nbrokerproperties: {key}\r\n"
    head = (f"POST /{task['hub']}/messages HTTP/1.1\r\nhost: 127.0.0.1:{task['port']}\r\nauthorization: Bearer anybody\r\n"
            f"{fields}content-length: {len(content)}\r\n\r\n")
    return head.encode() + content.encode()


async def sends(task, numbers, times_ms):
    reader, writer = await asyncio.open_connection("127.0.0.1", task["port"])
    made = {}
    for number in numbers:
        bytes_ = made.get(number % task["keys"])
        if bytes_ is None:
            bytes_ = made[number % task["keys"]] = request(task, number)
        began = time.perf_counter()
        writer.write(bytes_)
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), ANSWER_DEADLINE_S)
        if not head.startswith(b"HTTP/1.1 201"):
            sys.exit(f"not taken: {head[:200]}")
        times_ms.append(1_000 * (time.perf_counter() - began))
    writer.close()


async def main():
    task = json.loads(sys.stdin.readline())
    print("ready", flush=True)
    sys.stdin.readline()
    requests, times_ms = task["events"] // task["batch"], []
    numbers = iter(range(requests))
    began = time.perf_counter()
    # One iterator for all: whoever is free takes the next.
    await asyncio.gather(*(sends(task, numbers, times_ms) for _ in range(task["connections"])))
    print(json.dumps({"tookS": time.perf_counter() - began, "events": len(times_ms) * task["batch"], "timesMs": times_ms}))


asyncio.run(main())
