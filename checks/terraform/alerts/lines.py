"""Cases of what apps, hosts and capture say themselves."""
from cases import Case, line, no_json, others, request, run
from workspace import Rows


def of_dead_letters(environment, app):
    def kept(by, since=14.9, until=0):
        return line(environment, by, 4, since, until, level="WARN", message="dead letter kept", dead_letter="01", reason="poison")
    noise = [kept(other) for other in [*others(environment, app), f"{app}-x"]]
    yield Case("one is kept", [kept(app)], True, noise)
    yield Case("one was kept before", [kept(app, 60, 15.001)], False, noise)
    yield Case("other lines", [line(environment, app, 4, 14.9, message="a letter is dead"), line(environment, app, 4, 14.9, message="dead letters are looked at")], False, noise)
    yield Case("nothing at all", [], False, noise)


def of_background(environment, app, function):
    def failed(count, by=app, what=function, since=29.9, until=0):
        return run(environment, by, what, count, since, until, success=False)
    noise = [*(failed(40, other) for other in others(environment, app)), request(environment, app, function, 40, 29.9, status=503)]
    yield Case("more than twenty failures", [failed(24)], True, noise)
    yield Case("twenty failures", [failed(20)], False, noise)
    yield Case("twenty-one failures", [failed(21)], True, noise, sampled=False)
    yield Case("as many of two functions", [failed(12), failed(12, what="another")], False, noise)
    yield Case("it failed before", [failed(400, since=120, until=30.001)], False, noise)
    yield Case("it works", [run(environment, app, function, 400, 29.9)], False, noise)
    yield Case("nothing at all", [], False, noise)


def of_alarm(environment, app):
    def raised(by, alarm="due-work-late", since=14.9, until=0):
        return line(environment, by, 4, since, until, level="ERROR", alarm=alarm, oldest_s=4000, message="work waits")
    told_elsewhere = [raised(app, "lag-alarm"), raised(app, "consumer-behind")]
    noise = [*(raised(other) for other in [*others(environment, app), f"{app}-x"]), *told_elsewhere, *no_json(environment, app, "alarms", 14.9)]
    yield Case("it raises one", [raised(app)], True, noise)
    yield Case("it raised one before", [raised(app, since=60, until=15.001)], False, noise)
    yield Case("what has rules of its own", told_elsewhere, False, noise)
    yield Case("texts about alarms", [line(environment, app, 4, 14.9, text=text) for text in ("alarm", "{\"alarm\":", "{\"alarm\":null}", "{\"alarm\":\"\"}", "[{\"alarm\":\"x\"}]", "{\"message\":\"no alarm\"}")], False, noise)
    yield Case("nothing at all", [], False, noise)


def of_late_consumer(environment, app):
    def behind(consumer, since=14.9, until=0, **more):
        return line(environment, "events", 4, since, until, level="ERROR", **{"alarm": "consumer-behind", "consumer": consumer, "hub": "sale", "oldest_s": 4000, **more})
    noise = [*(behind(other) for other in [*others(environment, app), f"{app}-x"]), *no_json(environment, "events", "consumer-behind", 14.9)]
    yield Case("it is behind", [behind(app)], True, noise)
    yield Case("it was behind", [behind(app, 60, 15.001)], False, noise)
    yield Case("another alarm about it", [behind(app, alarm="consumer-behind-no-more"), behind(app, alarm="x", message="consumer-behind")], False, noise)
    yield Case("nothing at all", [], False, noise)


def of_unmeasured_consumer(environment, app):
    def measured(consumer, hub, unknown=0, since=29.9, until=0):
        return line(environment, "events", 4, since, until, target="metric", metric="consumer-lag", consumer=consumer, hub=hub, behind=0, oldest_s=0, unknown=unknown)
    noise = [*(measured(other, "account") for other in [*others(environment, app), f"{app}-x"]), *no_json(environment, "events", "consumer-lag", 29.9)]
    yield Case("nothing at all", [], True, noise)
    yield Case("of one hub it cannot be told", [measured(app, "account"), measured(app, "sale", unknown=2)], True, noise)
    yield Case("it was known before", [measured(app, "account", since=90, until=30.001)], True, noise)
    yield Case("it is known of both hubs", [measured(app, "account"), measured(app, "sale")], False, noise)
    yield Case("it was unknown for a while", [measured(app, "account", unknown=1, since=29.9, until=20), measured(app, "account", since=10)], False, noise)


def of_mainframe(environment):
    def late(by="legacy", since=29.9, until=0, **more):
        return line(environment, by, 4, since, until, level="ERROR", **{"alarm": "lag-alarm", "lag_seconds": 4000, **more})
    noise = [*(late(other) for other in [*others(environment, "legacy"), "legacy-x"]), *no_json(environment, "legacy", "lag-alarm", 29.9)]
    yield Case("it is behind", [late()], True, noise)
    yield Case("it was behind", [late(since=90, until=30.001)], False, noise)
    yield Case("another alarm", [late(alarm="revision-behind", message="no lag-alarm")], False, noise)
    yield Case("nothing at all", [], False, noise)


def of_restarts(environment):
    ended, over = "Language Worker Process exited. worker process exited with code 1", "Exceeded http worker restart retry count for runtime:custom. Shutting down"

    def said(count, text=ended, severity=3, by="photos", since=14.9, until=0):
        return line(environment, by, count, since, until, text=text, severity=severity)
    noise = [said(40, severity=2), said(40, text="all is well"), said(40, since=60, until=15.001)]
    yield Case("three ends of one app", [said(4)], True, noise)
    yield Case("two ends", [said(2)], False, noise, sampled=False)
    yield Case("two ends each of two apps", [said(2), said(2, by="sales")], False, [], sampled=False)
    yield Case("its host gives up", [said(4, over)], True, noise)
    yield Case("its host gives up, once", [said(1, over)], True, noise, sampled=False)
    yield Case("nothing at all", [], False, noise)


def of_capture(environment):
    def failure(count, since=29.9, until=0):
        return Rows("AZMSArchiveLogs", count, {"EventHub": "sale", "Failures": 1, "Message": "cannot write"}, since, until)
    yield Case("one thing could not be captured", [failure(1)], True, sampled=False)
    yield Case("it could not before", [failure(8, 90, 30.001)], False)
    yield Case("nothing at all", [], False)
