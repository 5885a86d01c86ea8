"""What a case is, and the rows that all kinds of cases are made of."""
import dataclasses
import json

from workspace import Rows


@dataclasses.dataclass(frozen=True)
class Case:
    what: str
    rows: list
    fires: bool
    # Rows that have nothing to do with it, however bad they are: with them the verdict is the same.
    noise: list = dataclasses.field(default_factory=list)
    # An odd number of rows cannot be sampled evenly.
    sampled: bool = True

    def variants(self):
        """The same in another form, which must have the same verdict: sampled, in two regions, and with rows of others."""
        yield self.what, self.rows
        rows = [rows.sampled() for rows in self.rows] if self.sampled else self.rows
        changed = [*(half for group in rows for half in in_two_regions(group)), *self.noise]
        if changed != self.rows:
            yield f"{self.what}, {'sampled, ' if self.sampled else ''}in two regions and among others", changed


def in_two_regions(rows):
    """One half of the rows comes from another region."""
    for column in ("AppRoleName", "Region"):
        if column in rows.columns and rows.count > 1:
            other = str(rows.columns[column]).replace("-weu-", "-eus2-").replace("West Europe", "East US 2")
            first = rows.count // 2
            middle = rows.since - first * (rows.since - rows.until) / rows.count
            return [dataclasses.replace(rows, count=first, until=middle), dataclasses.replace(rows, count=rows.count - first, since=middle).of(**{column: other})]
    return [rows]


def request(environment, app, function, count, since, until=0, status=200, ms=20.0, **more):
    """Of HTTP, as a host tells it."""
    columns = {
        "AppRoleName": environment.role(app), "OperationName": function, "Name": function, "Url": f"https://{app}.example/{function}",
        "ResultCode": str(status), "Success": status < 500, "DurationMs": ms, "ItemCount": 1, **more,
    }
    return Rows("AppRequests", count, columns, since, until)


def run(environment, app, function, count, since, until=0, success=True, ms=20.0):
    """Of a timer, a queue, a feed: no URL, and no status."""
    return request(environment, app, function, count, since, until, status=0, ms=ms, Url="", ResultCode="0", Success=success)


def call(environment, app, operation, count, since, until=0, status=200, ms=20):
    """Of a client, as the gateway tells it."""
    columns = {
        "OperationId": f"{app}-{operation}" if operation else "", "ResponseCode": status, "TotalTime": int(ms),
        "Region": "West Europe", "IsRequestSuccess": status < 400,
    }
    return Rows("ApiManagementGatewayLogs", count, columns, since, until)


def line(environment, app, count, since, until=0, text=None, severity=1, **fields):
    """What a handler says on its standard output."""
    message = json.dumps({"timestamp": "2026-03-02T11:59:00.000Z", "level": "INFO", **fields}) if text is None else text
    return Rows("AppTraces", count, {"AppRoleName": environment.role(app), "Message": message, "SeverityLevel": severity, "ItemCount": 1}, since, until)


def others(environment, app):
    return [other for other in environment.apps if other != app]


def no_json(environment, app, word, since):
    """Texts that say the word and have no fields; each must be passed over."""
    texts = [f"{word} in a sentence", f"[\"{word}\"]", f"\"{word}\"", f"{{\"metric\": \"{word}\", \"value\": 1e9", f"{{\"{word}\": {{\"value\": 1e9}}}}", f"{{\"message\": \"{word}\"}}"]
    return [line(environment, app, 4, since, text=text) for text in texts]
