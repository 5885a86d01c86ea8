"""Alerts in a plan: whatever stops, waits or is not kept is told, and each alert leads to a page. How they ring: alerts/."""
import re


def alerts(apps, plan):
    """What is put aside is told: each timer that stops, each alarm, each objective, and each app that keeps dead letters."""
    rules = plan.all("azurerm_monitor_scheduled_query_rules_alert_v2")
    asked = {str(rule["index"]): rule["after"]["criteria"][0]["query"] for rule in rules}
    for app in apps.values() if rules else []:
        for timer in app.timers:
            query = asked.get(f"silent-{app.name}-{timer.replace('_', '-')}", "")
            if not (f"OperationName == '{timer}'" in query and f"App == '{app.name}' | summarize Runs = count() | where Runs == 0" in query):
                yield f"{timer} of {app.name} may stop, and nobody is told"
        if f"App == '{app.name}' and isnotempty(Alarm)" not in asked.get(f"alarm-{app.name}", ""):
            yield f"{app.name} may raise an alarm, and nobody is told"
        if f"{app.name}/dead-letters" in app.documents and f"App == '{app.name}' and Message has 'dead letter kept'" not in asked.get(f"dead-letters-{app.name}", ""):
            yield f"{app.name} keeps dead letters, and nobody is told"
        if not any(name.startswith(f"slo-{app.name}-") and f"'{app.name}'" in query for name, query in asked.items()):
            yield f"{app.name} promises nothing: name an objective in terraform/objectives.json"
    # One that asks for operations or functions names them as the gateway does, and as the host does.
    served = set(re.findall(r'"operationId": ?"(.+?)"', "".join(resource["after"]["import"][0]["content_value"] for resource in plan.all("azurerm_api_management_api"))))
    functions = {function for app in apps.values() for function in app.functions}
    for what, known in [("OperationId", served), ("OperationName", functions)]:
        for name, query in asked.items():
            for listed in re.findall(rf"{what} (?:!?in \(([^)]+)\)|== ('[^']+'))", query):
                for one in sorted(set(re.findall(r"'([\w-]+)'", "".join(listed))) - known):
                    yield f"the alert {name} asks for {what} {one}: there is none"


def runbooks(apps, plan, repository):
    """Each page that an alert leads to is there."""
    for page in sorted(plan.outputs["runbooks"]["value"]):
        if not (repository / page).is_file():
            yield f"an alert leads to {page}, which is not there"
