"""Cases of what does not happen: a timer that does not run, work that nobody takes, a figure that nobody says."""
from cases import Case, line, no_json, others, request, run

DONE = 20
GIVEN = 5


def of_timer(environment, app, timer, window):
    elsewhere = [run(environment, other, timer, 4, window - 0.001) for other in [*others(environment, app), f"{app}-x", f"x{app}"]]
    besides = [run(environment, app, f"{timer}_x", 4, window - 0.001), request(environment, app, "health", 4, window - 0.001)]
    yield Case("nothing at all", [], True, [*elsewhere, *besides])
    yield Case("its last run is a moment too long ago", [run(environment, app, timer, 4, 3 * window, window + 0.001)], True, [*elsewhere, *besides])
    yield Case("it ran just in time", [run(environment, app, timer, 4, window - 0.001, window - 0.1)], False)
    yield Case("it ran once", [run(environment, app, timer, 1, 2, 1)], False, sampled=False)
    yield Case("it ran and failed", [run(environment, app, timer, 4, window - 0.001, success=False)], False)


def of_failing_timers(environment, app, timer):
    noise = [run(environment, other, timer, 12, 59) for other in others(environment, app)]
    failed = lambda count, since=59, until=0: run(environment, app, timer, count, since, until, success=False)
    yield Case("it has failed each time", [failed(12)], True, noise)
    yield Case("it worked before", [failed(12), run(environment, app, timer, 12, 119, 60.001)], True, noise)
    yield Case("it has worked once", [failed(8), run(environment, app, timer, 4, 59)], False, noise)
    yield Case("it has run twice, and failed", [failed(2)], False, noise, sampled=False)
    yield Case("it failed before", [failed(40, 180, 60.001), run(environment, app, timer, 12, 59)], False, noise)
    yield Case("others fail", [run(environment, app, timer, 12, 59), *(run(environment, other, timer, 12, 59, success=False) for other in others(environment, app))], False)
    yield Case("nothing at all", [], False, noise)


def of_work(environment, follows):
    app, function, after = follows["app"], follows["function"], follows["after"]
    results = after.get("results")
    least = follows.get("atLeast", GIVEN)
    many, few = 4 * (least // 4 + 1), 4 * ((least - 1) // 4)

    def given(count, since=29.9, until=15.001, by=after["app"], status=None, **more):
        if environment.functions[after["app"]][after["function"]]["type"] == "httpTrigger":
            return request(environment, by, after["function"], count, since, until, status=status or int(results[0]), **more)
        return run(environment, by, after["function"], count, since, until, **more)

    # Who has a function of the same name takes other work.
    elsewhere = [run(environment, other, function, 4, 29) for other in [*others(environment, app), f"{app}-x"] if (other, function) != (after["app"], after["function"])]
    besides = [run(environment, app, f"{function}_x", 4, 29)]
    yield Case("there is work, and nobody takes it", [given(many)], True, [*elsewhere, *besides])
    yield Case("it was last taken before", [given(many), run(environment, app, function, 8, 90, 30.001)], True, elsewhere)
    yield Case("somebody takes it", [given(many), run(environment, app, function, 4, 14)], False)
    yield Case("somebody takes it, and fails", [given(many), run(environment, app, function, 4, 14, success=False)], False)
    yield Case("hardly anything to do", [given(few)], False)
    yield Case("the work has only come", [given(40, 14.9, 0)], False)
    yield Case("nothing at all", [], False, [*elsewhere, *(given(many, by=other) for other in others(environment, after["app"]))])
    if results:
        yield Case("it was refused, and there is no work", [given(many, status=409), given(many, status=299)], False)
    yield Case("who gives it fails", [given(many, Success=False)] if results else [run(environment, after["app"], after["function"], many, 29.9, 15.001, success=False)], False)


def of_figure(environment, app, objective):
    metric = objective["metric"]
    labels = {name: values[-1] for name, values in metric.get("where", {}).items()}

    def done(count, success=True, by=app, until=0):
        function = metric["after"][0]
        if environment.functions[app][function]["type"] == "httpTrigger":
            return request(environment, by, function, count, 359, until, status=200 if success else 503)
        return run(environment, by, function, count, 359, until, success=success)

    def said(count, since=359, until=0, by=app, **other):
        return line(environment, by, count, since, until, **{"target": "metric", "metric": metric["name"], metric.get("field", "value"): 1.5, **labels, **other})

    noise = [*(said(4, by=other) for other in others(environment, app)), said(4, metric="another"), *no_json(environment, app, metric["name"], 359), *(said(4, **{name: "another"}) for name in labels)]
    yield Case("its work is done, and nothing is said", [done(DONE)], True, noise)
    yield Case("it was said before", [done(DONE), said(40, 900, 360.001)], True, noise)
    yield Case("it is said", [done(DONE), said(4)], False)
    yield Case("hardly any work is done", [done(DONE - 4)], False, noise)
    yield Case("the work fails", [done(4 * DONE, success=False)], False, noise)
    yield Case("others work", [done(DONE, by=other) for other in others(environment, app)], False, noise)
    yield Case("nothing at all", [], False, noise)
