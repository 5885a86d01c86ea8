"""The queries of plans, each once, as {name: query}: those of alerts, and those of the dashboard: `queries_of.py NAME=PLAN.json…`."""
import json
import sys


def of(plan):
    for change in plan["resource_changes"]:
        if change["type"] == "azurerm_monitor_scheduled_query_rules_alert_v2":
            yield str(change["index"]), change["change"]["after"]["criteria"][0]["query"]
    # The dashboard itself has ids in it that no plan knows.
    for title, query in plan["planned_values"]["outputs"]["dashboard"]["value"].items():
        yield f"dashboard: {title}", query


def main():
    queries = {}
    for argument in sys.argv[1:]:
        name, file = argument.split("=", 1)
        with open(file) as text:
            for what, query in of(json.load(text)):
                queries.setdefault(query, f"{name}: {what}")
    print(json.dumps({what: query for query, what in queries.items()}))


if __name__ == "__main__":
    main()
