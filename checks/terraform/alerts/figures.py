"""Rules about what Azure counts of its own services are no queries: what the plan says of each is reckoned here."""

# (rule, or what it begins with; points of five minutes that ring; points that do not). A point is (dimension's value, number).
POINTS = [
    ("database-throttled", [("429", 101)], [("429", 100), ("200", 5000), ("503", 500)]),
    ("database-unavailable", [("503", 15), ("500", 6)], [("503", 20), ("429", 500), ("404", 500)]),
    ("storage-unavailable", [(None, 98.9)], [(None, 99.0)]),
    ("region-unhealthy", [("weu", 100), ("eus2", 59)], [("weu", 60), ("eus2", 100)]),
    ("events-throttled", [(None, 101)], [(None, 100)]),
    ("events-unavailable", [(None, 21)], [(None, 20)]),
    ("content-safety-", [(None, 21)], [(None, 20)]),
]


def fires(rule, points):
    """A dimension with `*` splits: each value is judged alone. With values it filters, and what is left is one number."""
    criteria = rule["criteria"][0]
    dimensions = criteria["dimension"]
    if dimensions and dimensions[0]["values"] == ["*"]:
        series = [[number] for _, number in points]
    else:
        wanted = dimensions[0]["values"] if dimensions else [value for value, _ in points]
        series = [[number for value, number in points if value in wanted]]
    put_together = {"Count": sum, "Total": sum, "Average": lambda numbers: sum(numbers) / len(numbers)}[criteria["aggregation"]]
    crossed = {"GreaterThan": lambda number: number > criteria["threshold"], "LessThan": lambda number: number < criteria["threshold"]}[criteria["operator"]]
    return any(numbers and crossed(put_together(numbers)) for numbers in series)


def wrong(environment):
    """What each rule says that it should not; the number of verdicts comes last."""
    for name, rule in environment.metric_rules.items():
        known = [case for case in POINTS if name.startswith(case[0])]
        if not known:
            yield f"{name} has no case: alerts/figures.py"
        for _, bad, good in known:
            if not fires(rule, bad):
                yield f"{name} does not ring at {bad}"
            if fires(rule, good):
                yield f"{name} rings at {good}"
