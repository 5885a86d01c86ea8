#!/usr/bin/env python3
"""Customers who order: a process of its own.

Reads its task as a line of JSON from standard input, says `ready`, waits for a second line, and writes what came of it. Each
order is placed at the moment at which it is due, however late others are; with a rate of 0, as soon as a connection is free.
"""
import asyncio
import json
import resource
import sys
import time

CONNECTIONS = 64
ANSWER_DEADLINE_S = 60
BUYER = {"name": "Kim Larsen", "address": {"street": "Havnegade 1", "city": "København", "postalCode": "1058", "country": "DK"}}


class Connection:
    """One kept-alive connection."""

    def __init__(self, port):
        self.port = port
        self.reader = self.writer = None

    async def order(self, profile, key):
        """The status of the answer to an order."""
        if self.writer is None:
            self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
        buyer = {**BUYER, "emailAddress": f"{key}@customers.example"}
        lines = [{"serviceId": "night-watch", "quantity": 3, "months": 12}]
        body = json.dumps({"lines": lines, "buyer": buyer}).encode()
        head = (f"POST /v1/profiles/{profile}/orders HTTP/1.1\r\nhost: 127.0.0.1:{self.port}\r\nidempotency-key: {key}\r\n"
                f"content-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n")
        try:
            self.writer.write(head.encode() + body)
            return await asyncio.wait_for(self.status(), ANSWER_DEADLINE_S)
        except BaseException:
            self.writer.close()
            self.writer = None
            raise

    async def status(self):
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        fields = dict(line.split(": ", 1) for line in head.split("\r\n")[1:] if ": " in line)
        if fields.get("transfer-encoding") == "chunked":
            while (size := int(await self.reader.readline(), 16)) > 0:
                await self.reader.readexactly(size + 2)
            await self.reader.readline()
        else:
            await self.reader.readexactly(int(fields.get("content-length", 0)))
        return int(head.split(" ")[1])


class Customers:
    def __init__(self, task):
        self.task = task
        self.free = asyncio.Queue()
        self.times_ms, self.errors = [], []

    async def run(self):
        for _ in range(CONNECTIONS):
            self.free.put_nowait(Connection(self.task["gateway"]))
        began = time.perf_counter()
        pending = set()
        for number in range(self.task["orders"]):
            due = began + number / self.task["rate"] if self.task["rate"] else 0
            await asyncio.sleep(max(0, due - time.perf_counter()))
            connection = None if self.task["rate"] else await self.free.get()
            one = asyncio.create_task(self.places(number, due or time.perf_counter(), connection))
            pending.add(one)
            one.add_done_callback(pending.discard)
        while pending:
            await asyncio.wait(pending)
        return time.perf_counter() - began

    async def places(self, number, due, connection):
        connection = connection or await self.free.get()
        profiles = self.task["profiles"]
        try:
            status = await connection.order(profiles[number % len(profiles)], f"{self.task['name']}-{number}")
        except (OSError, ValueError, asyncio.IncompleteReadError, asyncio.TimeoutError) as error:
            self.errors.append(f"{number}: {error!r}")
            return
        finally:
            self.free.put_nowait(connection)
        if status != 202:
            self.errors.append(f"{number}: {status}")
            return
        self.times_ms.append((time.perf_counter() - due) * 1e3)


async def main():
    customers = Customers(json.loads(sys.stdin.readline()))
    print("ready", flush=True)
    sys.stdin.readline()
    took_s = await customers.run()
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(json.dumps({
        "tookS": took_s, "timesMs": customers.times_ms, "errors": customers.errors[:20], "errorCount": len(customers.errors),
        "cpuS": used.ru_utime + used.ru_stime,
    }), flush=True)


if __name__ == "__main__":
    asyncio.run(main())
