"""Cases of objectives: just over and just under the share at which a rule rings, in each of its two windows."""
import math

from cases import Case, call, line, no_json, others, request, run

FEW = 5


def cases(environment, app, objective, long, short, share):
    good, bad, noise = kinds(environment, app, objective)

    def amount(total, over):
        """The fewest failures that ring, or the most that do not, in fours."""
        return 4 * (math.floor(share * total / 4) + over)

    total = math.ceil(24 / share / 4) * 4
    over = amount(total, 1)

    def traffic(lately, before):
        """As many rows in the short window as in the rest of the long one; so many of them bad."""
        return [
            *bad(lately, short, 0), *good(total - lately, short, 0),
            *bad(before, long - 0.001, short + 0.001), *good(total - before, long - 0.001, short + 0.001),
        ]

    yield Case("just over in both windows", traffic(over, over), True, noise(long))
    yield Case("just under in the long window", traffic(over, amount(2 * total, 0) - over), False, noise(long))
    yield Case("over, but not lately", traffic(amount(total, 0), over + 8), False, noise(long))
    yield Case("all is well", traffic(0, 0), False, noise(long))
    yield Case("nothing at all", [], False, noise(long))
    yield Case("four failures, and nobody else", bad(4, short, 0), False, noise(long))
    yield Case("five failures, and nobody else", bad(FEW, short, 0), True, sampled=False)
    yield Case("eight failures, and nobody else", bad(8, short, 0), True, noise(long))
    yield Case("all failed, and it is longer ago than the window", bad(4 * over, 3 * long, long + 0.001), False, noise(long))


def kinds(environment, app, objective):
    """Makers of good and of bad rows, and of what has nothing to do with it."""
    if "metric" in objective:
        return of_metric(environment, app, objective)
    if "runs" in objective:
        return of_runs(environment, app, objective)
    if objective["requests"]["of"] == "functions" or not environment.gateway_logs:
        return of_hosts(environment, app, objective)
    return of_gateway(environment, app, objective)


def judged(objective, make, limit):
    """Good and bad by what is promised: with what is just good enough, and with each way to be bad. `make(count, since, until, status,
    ms)` is one row."""
    def good(count, since, until):
        rows = [make(count - count // 4, since, until, 200, min(20, limit or 20)), make(count // 4, since, until, 499, limit or 20)]
        return rows if count % 16 == 0 else [make(count, since, until, 200, limit or 20)]

    def bad(count, since, until):
        if limit is None:
            return [make(count, since, until, 503, 20)]
        late = [make(count, since, until, 200, limit + 1)]
        if objective.get("failedIsLate") and count % 8 == 0:
            return [make(count // 2, since, until, 200, limit + 1), make(count // 2, since, until, 503, 20)]
        return late
    return good, bad


def of_gateway(environment, app, objective):
    asked, limit = objective["requests"], objective.get("withinMs")
    operations = environment.operations[app]
    probes = [name for name, function in operations.items() if function == "health"]
    apart = [*probes, *asked.get("except", []), *([name for name in operations if name not in asked["only"]][:3] if "only" in asked else [])]
    chosen = asked["only"][0] if "only" in asked else sorted(set(operations) - set(apart))[0]
    slow = 10 * (limit or 1000)
    good, bad = judged(objective, lambda count, since, until, status, ms: call(environment, app, chosen, count, since, until, status, ms), limit)

    def noise(long):
        yielded = [call(environment, app, name, 400, long, 0, status, slow) for name in apart for status in (200, 503)]
        for other in others(environment, app):
            yielded += [call(environment, other, chosen, 40, long, 0, status, slow) for status in (200, 503)]
        yielded += [call(environment, f"{app}x", chosen, 400, long, 0, 503), call(environment, app, None, 400, long, 0, 503)]
        # What a host says of the same is counted at the gateway.
        return [*yielded, request(environment, app, "x", 400, long, 0, 503), run(environment, app, "x", 400, long, 0, success=False)]
    if limit and not objective.get("failedIsLate"):
        return good, bad, lambda long: [*noise(long), call(environment, app, chosen, 4000, long, 0, 503, slow)]
    return good, bad, noise


def of_hosts(environment, app, objective):
    asked, limit = objective["requests"], objective.get("withinMs")
    served = environment.operations[app]
    if asked["of"] == "functions":
        chosen, apart = asked["only"][-1], []
    elif "only" in asked:
        chosen, apart = served[asked["only"][0]], []
    else:
        apart = [served[name] for name in asked.get("except", [])]
        chosen = sorted(set(served.values()) - {"health", *apart})[0]
    slow = 10.0 * (limit or 1000)
    good, bad = judged(objective, lambda count, since, until, status, ms: request(environment, app, chosen, count, since, until, status, float(ms)), limit)

    def noise(long):
        yielded = [request(environment, app, name, 400, long, 0, status, slow) for name in {"health", *apart} for status in (200, 503)]
        for other in others(environment, app):
            yielded += [request(environment, other, chosen, 40, long, 0, status, slow) for status in (200, 503)]
        yielded += [request(environment, f"{app}-x", chosen, 400, long, 0, 503), run(environment, app, "a_timer", 400, long, 0, success=False, ms=slow)]
        if "only" in asked:
            yielded.append(request(environment, app, "another", 400, long, 0, 503, slow))
        return yielded
    if limit and not objective.get("failedIsLate"):
        return good, bad, lambda long: [*noise(long), request(environment, app, chosen, 4000, long, 0, 503, slow)]
    return good, bad, noise


def of_runs(environment, app, objective):
    chosen = objective["runs"][0]

    def noise(long):
        elsewhere = [run(environment, other, chosen, 40, long, 0, success=False) for other in [*others(environment, app), f"{app}-x"]]
        return [*elsewhere, run(environment, app, "another", 400, long, 0, success=False)]
    return (
        lambda count, since, until: [run(environment, app, chosen, count, since, until)],
        lambda count, since, until: [run(environment, app, chosen, count, since, until, success=False)],
        noise,
    )


def of_metric(environment, app, objective):
    metric, limit = objective["metric"], objective["atMost"]
    said_by, field = metric.get("saidBy", app), metric.get("field", "value")
    labels = {name: values[0] for name, values in metric.get("where", {}).items()}

    def said(count, since, until, value, by=said_by, **other):
        return line(environment, by, count, since, until, **{"target": "metric", "metric": metric["name"], field: value, "unit": "s", **labels, **other})

    def noise(long):
        late = 100 * limit + 1
        yielded = [said(40, long, 0, late, by=other) for other in [*others(environment, said_by), f"{said_by}-x"]]
        yielded += [said(400, long, 0, late, **{name: "another"}) for name in labels]
        yielded += [said(400, long, 0, late, metric=f"{metric['name']}.more"), said(400, long, 0, late, metric="another")]
        yielded += [said(40, long, 0, None), said(40, long, 0, "no number"), said(40, long, 0, {"value": late})]
        return [*yielded, *no_json(environment, said_by, metric["name"], long)]
    return (
        lambda count, since, until: [said(count // 2, since, until, limit), said(count - count // 2, since, until, 0.25)] if count % 8 == 0 else [said(count, since, until, limit)],
        lambda count, since, until: [said(count, since, until, limit + 1)],
        noise,
    )
