#!/usr/bin/env python3
"""What a plan does, for people who read plans: `terraform show -json PLAN | plan_summary.py ENVIRONMENT` prints Markdown.

What is destroyed or replaced comes first. Values are not shown: a plan can hold what not everybody should read. Exits 3 where
it would delete customers' data or keys in an environment that is `locked`: such a plan is never right, and Azure's policy
would stop its apply half-way.
"""
import json
import sys

ORDER = ["replaced", "destroyed", "made", "changed", "imported", "forgotten"]
MAX_LINES = 300
KEPT = {
    "azurerm_cosmosdb_account", "azurerm_cosmosdb_sql_container", "azurerm_cosmosdb_sql_database", "azurerm_eventhub",
    "azurerm_eventhub_namespace", "azurerm_key_vault",
    "azurerm_storage_account", "azurerm_resource_group",
}


def kind(actions):
    if "create" in actions and "delete" in actions:
        return "replaced"
    names = {"delete": "destroyed", "create": "made", "update": "changed", "forget": "forgotten"}
    return names.get(actions[0])


def changed_arguments(change):
    before, after = change.get("before") or {}, change.get("after") or {}
    unknown = change.get("after_unknown") or {}
    names = {name for name in {*before, *after} if before.get(name) != after.get(name) and not unknown.get(name) is True}
    return sorted(names | {name for name, value in unknown.items() if value is True and name in before})


def summary(environment, plan):
    found = {}
    for resource in plan.get("resource_changes", []):
        what = kind(resource["change"]["actions"])
        if what is None and resource["change"].get("importing"):
            what = "imported"
        if what:
            found.setdefault(what, []).append(resource)
    lines = [f"## Plan for {environment}", ""]
    if not found:
        return "\n".join([*lines, "Nothing changes.", ""])
    lines += [", ".join(f"{len(found[what])} {what}" for what in ORDER if what in found) + ".", ""]
    for what in ORDER:
        for resource in sorted(found.get(what, []), key=lambda resource: resource["address"]):
            mark = "**" if what in ("replaced", "destroyed") else ""
            arguments = changed_arguments(resource["change"]) if what in ("changed", "replaced") else []
            lines.append(f"- {mark}{what}{mark} `{resource['address']}`" + (f": {', '.join(arguments)}" if arguments else ""))
    if len(lines) > MAX_LINES:
        lines = [*lines[:MAX_LINES], f"- and {len(lines) - MAX_LINES} more, in the plan"]
    if changed := changed_captures(plan):
        lines += ["", f"**Before it is applied:** Azure tries out the capture of {', '.join(changed)} by a blob that its container keeps: docs/runbooks/capture-stopped.md"]
    return "\n".join([*lines, ""])


def changed_captures(plan):
    """Hubs that are captured and changed: an unchanged one is left alone, and then nothing is tried out."""
    return sorted(
        f"`{resource['address']}`" for resource in plan.get("resource_changes", [])
        if resource.get("type") == "azurerm_eventhub" and resource["change"]["actions"] == ["update"] and (resource["change"].get("after") or {}).get("capture_description")
    )


def deleted_data(plan):
    if not plan.get("variables", {}).get("locked", {}).get("value"):
        return []
    # What is there once for each region holds packages and no data: a region may go.
    return sorted(
        resource["address"] for resource in plan.get("resource_changes", [])
        if resource.get("type") in KEPT and "delete" in resource["change"]["actions"] and "module.region[" not in resource["address"]
    )


if __name__ == "__main__":
    plan = json.load(sys.stdin)
    print(summary(sys.argv[1], plan), end="")
    if deleted_data(plan):
        print(f"{sys.argv[1]} is locked, and this plan deletes {', '.join(deleted_data(plan))}: docs/deploying.md", file=sys.stderr)
        sys.exit(3)
