"""Fires every alert of a plan on made-up rows, and holds it silent on good ones: `judge.py REPOSITORY NAME=PLAN.json…`.

The query is the very text that is deployed. Rows come from what is promised (terraform/objectives.json) and what apps say, not from
the query: just over and just under each threshold, also sampled, in two regions, and with rows of others among them. A rule
without a case fails, and so does a case that notices nothing when its rule is spoilt.
"""
import concurrent.futures
import json
import os
import pathlib
import re
import sys

import burning
import figures
import known_answers
import lines
import promises
import silence
from workspace import Workspace

MINUTES = {"PT5M": 5, "PT15M": 15, "PT30M": 30, "PT45M": 45, "PT1H": 60, "PT2H": 120, "PT3H": 180, "PT6H": 360, "P1D": 1440, "P2D": 2880}

# Ways in which a query is wrong that somebody could write by mistake: (what, pattern, in its place).
SPOILT = [
    ("what was sampled is counted by rows", r"\bItemCount\b", "1"),
    ("whose it is is not asked", r"App == '[\w-]+'", "true"),
    ("it looks back twice as far", r"TimeGenerated > ago\((\d+)m\)", lambda found: f"TimeGenerated > ago({2 * int(found[1])}m)"),
    ("the short window is as long as the long one", r"extend Lately = TimeGenerated > ago\(\d+m\)", "extend Lately = true"),
    ("half the share rings", r"LongBad > ([\d.e-]+)", lambda found: f"LongBad > {float(found[1]) / 2}"),
    ("just good enough is bad", r"(Milliseconds|Value) > (\d+)", r"\1 >= \2"),
    ("few failures ring", r"LongBad >= \d+", "LongBad >= 1"),
    ("more must fail", r"LongBad >= (\d+)", r"LongBad >= 2\1"),
    ("hardly any work is enough", r"(Given|Done) >= \d+", r"\1 >= 1"),
    ("one more is needed", r"(Failures|Restarts|Given|Done) (>=?) (\d+)", lambda found: f"{found[1]} {found[2]} {4 * int(found[3]) + 4}"),
]


def cases_of(environment):
    """For each rule, its cases: which rules there must be follows from the files, and not from the plan."""
    found = {}
    for key, app, objective in environment.objectives():
        for burn, long, short, share in environment.burns(objective):
            found[f"slo-{key}-{burn}"] = burning.cases(environment, app, objective, long, short, share)
        if objective.get("metric", {}).get("after"):
            found[f"unsaid-{key}"] = silence.of_figure(environment, app, objective)
    for follows in environment.promised["follows"]:
        found[f"untaken-{follows['app']}-{follows['function'].replace('_', '-')}"] = silence.of_work(environment, follows)
    for app in environment.apps:
        timers = [name for name, binding in environment.functions[app].items() if binding["type"] == "timerTrigger"]
        works = [name for name, binding in environment.functions[app].items() if binding["type"] not in ("timerTrigger", "httpTrigger")]
        consumes = [binding for binding in environment.functions[app].values() if binding["type"] == "eventHubTrigger"]
        for timer in timers:
            rule = f"silent-{app}-{timer.replace('_', '-')}"
            found[rule] = silence.of_timer(environment, app, timer, MINUTES[environment.rules[rule]["window_duration"]]) if rule in environment.rules else []
        if timers:
            found[f"failing-{app}"] = silence.of_failing_timers(environment, app, sorted(timers)[0])
        if works:
            found[f"background-{app}"] = lines.of_background(environment, app, sorted(works)[0])
        if any(container["name"] == "dead-letters" for container in environment.files[app]["owns"].get("containers", [])):
            found[f"dead-letters-{app}"] = lines.of_dead_letters(environment, app)
        found[f"alarm-{app}"] = lines.of_alarm(environment, app)
        if consumes and environment.captured:
            found[f"consumer-behind-{app}"] = lines.of_late_consumer(environment, app)
            found[f"consumer-unmeasured-{app}"] = lines.of_unmeasured_consumer(environment, app)
    found["mainframe-lag"] = lines.of_mainframe(environment)
    found["handler-restarts"] = lines.of_restarts(environment)
    if environment.captured:
        found["capture-stopped"] = lines.of_capture(environment)
    return {name: list(cases) for name, cases in found.items()}


WORKSPACE = None


def noticed(query, cases):
    """Whether any case is judged wrongly."""
    return bool(wrong(query, cases, enough=1)[0])


def wrong(query, cases, enough=sys.maxsize):
    """What is said of the cases that should not be said; the number of verdicts comes with it."""
    global WORKSPACE
    WORKSPACE = WORKSPACE or Workspace()
    found, verdicts = [], 0
    for case in cases:
        for what, rows in case.variants():
            WORKSPACE.fill(rows)
            verdicts += 1
            if WORKSPACE.fires(query) != case.fires:
                found.append(f"{what}: {'does not ring' if case.fires else 'rings'}")
                if len(found) >= enough:
                    return found, verdicts
    return found, verdicts


def form(name, rule, cases):
    """What is wrong with a rule before anybody asks it."""
    looks = {int(minutes) for minutes in re.findall(r"TimeGenerated > ago\((\d+)m\)", rule["criteria"][0]["query"])}
    if not looks or max(looks) != MINUTES[rule["window_duration"]]:
        yield f"{name} looks back {rule['window_duration']}, and its query {sorted(looks)} minutes"
    if {case.fires for case in cases} != {True, False}:
        yield f"{name} has no case: what rings, and what does not (checks/terraform/alerts)"


def spoilt(rules, cases):
    """One rule of each kind, spoilt in each way that it can be: (what, query, cases)."""
    kinds = {}
    for name in sorted(rules, key=lambda name: (not name.endswith("-fast"), name)):
        query = rules[name]["criteria"][0]["query"]
        kinds.setdefault(re.sub(r"'[^']*'(, '[^']*')*|[\d.]+", "", query), (name, query))
    for name, query in kinds.values():
        for what, pattern, instead in SPOILT:
            bad = re.sub(pattern, instead, query)
            # Where one row is enough to know, what it stands for changes nothing; an operation's id says whose it is.
            harmless = (what == SPOILT[0][0] and name.split("-")[0] in ("silent", "untaken", "failing")) or (what == SPOILT[1][0] and "OperationId in (" in query)
            if bad != query and not harmless:
                yield f"{name}: nothing notices that {what}\n     {bad}", bad, cases[name]


def main():
    repository = pathlib.Path(sys.argv[1])
    complaints = [f"the translation is wrong: {answer}" for answer in known_answers.wrong()]
    asked, ways = {}, []
    for argument in sys.argv[2:]:
        plan, file = argument.split("=", 1)
        environment = promises.Environment(plan, json.loads(pathlib.Path(file).read_text()), repository)
        cases = cases_of(environment)
        complaints += [f"{plan}: {rule} is not in the plan" for rule in sorted(set(cases) - set(environment.rules))]
        complaints += [f"{plan}: {complaint}" for complaint in figures.wrong(environment)]
        for name, rule in environment.rules.items():
            complaints += [f"{plan}: {complaint}" for complaint in form(name, rule, cases.get(name, []))]
            # Two environments may have the same rule.
            asked.setdefault((name, rule["criteria"][0]["query"]), (plan, cases.get(name, [])))
        ways = list(spoilt(environment.rules, {**{name: [] for name in environment.rules}, **cases}))
    with concurrent.futures.ProcessPoolExecutor(os.cpu_count()) as pool:
        found = list(pool.map(wrong, [query for _, query in asked], [of for _, of in asked.values()], chunksize=4))
        seen = list(pool.map(noticed, [bad for _, bad, _ in ways], [of for _, _, of in ways], chunksize=4))
    for ((name, query), (plan, _)), (said, _) in zip(asked.items(), found):
        complaints += [f"{plan}: {name}: {complaint}\n     {query}" for complaint in said]
    complaints += [what for (what, _, _), is_seen in zip(ways, seen) if not is_seen]
    verdicts = sum(count for _, count in found)
    print(*complaints, f"{len(asked)} rules, {verdicts} verdicts, {len(ways)} rules spoilt, {len(complaints)} complaints", sep="\n")
    sys.exit(bool(complaints) or not verdicts)


if __name__ == "__main__":
    main()
