"""Partners that ask for assessments at the moments at which they are due, and wait for the results: a process of its own.

Reads its task as a line of JSON from standard input, fetches a token of the bank for each assessment, says `ready`, waits for a
second line, and writes what came of it. Each assessment is asked for twice, with the same key: by who begins it, and a second
later by who has lost the answer. Both are held until there is a result.
"""
import asyncio
import json
import resource
import sys
import time

WAIT_S = 50
AGAIN_AFTER_S = 1.0
TOKENS_AT_ONCE = 16
# After its `Prefer: wait` an assessment may be asked for so much longer before it is lost.
LOST_AFTER_S = 120
# An answer is at most this late after what it was asked to wait.
ANSWER_DEADLINE_S = WAIT_S + 40
PARTNER = {"iommi-subscription-key": "local-only-acme"}
OPEN = {"fetching", "scoring"}
RIGHT = {"scored", "not-scoreable"}


async def exchange(port, method, path, body=None, headers=None):
    """One request over a connection of its own: its status and its JSON."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        text = json.dumps(body).encode() if body is not None else b""
        fields = {"host": f"127.0.0.1:{port}", "connection": "close", "content-length": len(text), **(headers or {})}
        if text:
            fields["content-type"] = "application/json"
        head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
        writer.write(f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + text)
        return parsed(await reader.read())
    finally:
        writer.close()


def parsed(answer):
    head, _, body = answer.partition(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    if any(line.lower() == "transfer-encoding: chunked" for line in lines):
        body = unchunked(body)
    return int(lines[0].split(" ")[1]), json.loads(body or b"null")


def unchunked(body):
    parts = []
    while body:
        size, _, rest = body.partition(b"\r\n")
        length = int(size.split(b";")[0], 16)
        parts.append(rest[:length])
        body = rest[length + 2:]
    return b"".join(parts)


class Clients:
    def __init__(self, task):
        self.task = task
        self.count = int(task["rate"] * task["seconds"])
        self.tokens = [None] * self.count
        self.open, self.most_open = 0, 0
        self.waits_ms, self.late_ms, self.errors = [], [], []
        self.ends, self.held, self.not_held = {}, 0, 0

    async def fetch_tokens(self):
        async def some(first):
            for number in range(first, self.count, TOKENS_AT_ONCE):
                body = {"customer": f"{self.task['customer']}-{number % self.task['people']}"}
                status, token = await exchange(self.task["bank"], "POST", "/v1/simulation/tokens", body)
                if status != 201:
                    sys.exit(f"a token: {status} {token}")
                self.tokens[number] = token["access_token"]

        await asyncio.gather(*(some(first) for first in range(TOKENS_AT_ONCE)))

    async def run(self):
        began = time.perf_counter() + 0.5

        async def story(number):
            due = began + number / self.task["rate"]
            first = asyncio.create_task(self.asks(number, due, is_first=True))
            second = asyncio.create_task(self.asks(number, due + AGAIN_AFTER_S, is_first=False))
            told = [one for one in await asyncio.gather(first, second) if one]
            if len({one["id"] for one in told}) == 2:
                self.errors.append(f"{number}: two assessments for one key")
            self.ends[number] = await self.end_of(told)

        await asyncio.gather(*(story(number) for number in range(self.count)))

    async def asks(self, number, due, is_first):
        """The assessment, as the answer has it."""
        await asyncio.sleep(max(0, due - time.perf_counter()))
        self.late_ms.append((time.perf_counter() - due) * 1e3)
        headers = {**PARTNER, "idempotency-key": f"measured-{number}", "prefer": f"wait={WAIT_S}"}
        body = {"bankToken": self.tokens[number], "customerReference": f"customer-{number}"}
        self.open += 1
        self.most_open = max(self.most_open, self.open)
        try:
            asked = exchange(self.task["gateway"], "POST", "/credit/v1/assessments", body, headers)
            status, answer = await asyncio.wait_for(asked, ANSWER_DEADLINE_S)
        except (OSError, ValueError, IndexError, asyncio.TimeoutError) as error:
            self.errors.append(f"{number}: {error!r}")
            return None
        finally:
            self.open -= 1
        if status not in (200, 202):
            self.errors.append(f"{number}: {status} {answer}")
            return None
        self.held += status == 200
        self.not_held += status == 202
        if status == 200 and is_first:
            self.waits_ms.append((time.perf_counter() - due) * 1e3)
        return answer

    async def end_of(self, told):
        """Its end: as it was told, or asked for until it comes; None if it is lost."""
        found = next((one["state"] for one in told if one["state"] not in OPEN), None)
        ends = time.monotonic() + LOST_AFTER_S
        while told and found is None and time.monotonic() < ends:
            await asyncio.sleep(1)
            path = f"/credit/v1/assessments/{told[0]['id']}"
            status, answer = await exchange(self.task["gateway"], "GET", path, headers=PARTNER)
            if status == 200 and answer["state"] not in OPEN:
                found = answer["state"]
        return found

    def told(self):
        used = resource.getrusage(resource.RUSAGE_SELF)
        ends = list(self.ends.values())
        return {
            "asked": self.count, "ended": sum(end in RIGHT for end in ends), "lost": sum(end is None for end in ends),
            "failed": sum(end is not None and end not in RIGHT for end in ends),
            "mostHeld": self.most_open, "held": self.held, "notHeld": self.not_held, "waitsMs": self.waits_ms,
            "lateMs": self.late_ms, "errors": self.errors[:20], "errorCount": len(self.errors),
            "cpuS": used.ru_utime + used.ru_stime,
        }


async def main():
    clients = Clients(json.loads(sys.stdin.readline()))
    await clients.fetch_tokens()
    print("ready", flush=True)
    sys.stdin.readline()
    await clients.run()
    print(json.dumps(clients.told()), flush=True)


if __name__ == "__main__":
    asyncio.run(main())
