"""What a plan and the repository's files say, as the cases need it: rules, apps, operations and what is promised."""
import json
import re
from fractions import Fraction

# Pages about the contract, and what probes ask for.
ASIDE = {"health", "docs", "openapi"}


class Environment:
    def __init__(self, name, plan, repository):
        self.name, self.repository = name, repository
        changes = plan["resource_changes"]
        of = lambda kind: {str(change.get("index")): change["change"]["after"] for change in changes if change["type"] == kind}
        self.rules = of("azurerm_monitor_scheduled_query_rules_alert_v2")
        self.metric_rules = of("azurerm_monitor_metric_alert")
        self.gateway_logs = any(not gateway["sku_name"].startswith("Consumption") for gateway in of("azurerm_api_management").values())
        self.captured = any(hub.get("capture_description") for hub in of("azurerm_eventhub").values())
        self.promised = json.loads((repository / "terraform" / "objectives.json").read_text())
        self.files = {path.parent.name: json.loads(path.read_text()) for path in sorted((repository / "functions").glob("*/app.json"))}
        self.apps = sorted(self.files)
        self.functions = {app: self.bindings(app) for app in self.apps}
        # Of each app what clients may call: the operation's name, and the function that serves it.
        self.operations = {app: {} for app in self.apps}
        for api in of("azurerm_api_management_api").values():
            base = "/".join(part for part in (api["path"], api["version"]) if part)
            for path, methods in json.loads(api["import"][0]["content_value"])["paths"].items():
                for method, operation in methods.items():
                    if isinstance(operation, dict) and "operationId" in operation:
                        app, _, name = operation["operationId"].partition("-")
                        self.operations[app][name] = self.served_by(app, method, f"{base}{path}")

    def bindings(self, app):
        found = (self.repository / "functions" / app / "src").rglob("function.json")
        return {path.parent.name: json.loads(path.read_text())["bindings"][0] for path in found}

    def served_by(self, app, method, path):
        """The function whose route it is; one with a parameter in the place of a word comes second."""
        form = re.sub(r"\{[^}]*\}", "{}", path)
        candidates = []
        for name, binding in self.functions[app].items():
            route = binding.get("route", "{*")
            if "{*" not in route and method in [one.lower() for one in binding.get("methods", [method])]:
                pattern = "[^/]+".join(re.escape(part) for part in re.split(r"\{[^}]*\}", route))
                if re.fullmatch(pattern, path):
                    candidates.append((re.sub(r"\{[^}]*\}", "{}", route) != form, name))
        return min(candidates)[1]

    def role(self, app, region="weu"):
        return f"func-iommi-{self.name}-{region}-{app}-0a1b2"

    def objectives(self):
        """(key, app, what is promised) of each, with what every app that has clients promises."""
        for app in self.apps:
            own = self.promised["apps"].get(app, [])
            clients = any(function not in ASIDE for function in self.operations[app].values())
            every = [one for one in self.promised["everyApp"] if clients and one["name"] not in {one["name"] for one in own}]
            for one in [*own, *every]:
                if one.get("needs") != "capture" or self.captured:
                    yield f"{app}-{one['name']}", app, one

    def burns(self, objective):
        """(name, long and short window in minutes, share of failures from which on it rings) for whoever is told."""
        for name, burn in self.promised["burns"].items():
            if objective.get("tells", "duty") == "duty" or burn["longMinutes"] > 60:
                rate = Fraction(burn["budgetPercent"], 100) * self.promised["days"] * 1440 / burn["longMinutes"]
                share = rate * (100 - Fraction(str(objective["percent"]))) / 100
                yield name, burn["longMinutes"], burn["shortMinutes"], share
