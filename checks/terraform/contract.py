"""Holds a plan to the apps and the apps to the plan: `contract.py ENVIRONMENT PLAN.json DESCRIBED REPOSITORY`.

The plan is what Terraform would make of the apps' app.json, function.json and openapi.yaml. DESCRIBED is a folder with
what each app says of itself, `<app> --describe` in <app>.json: what the code does, whatever the files say.
"""
import copy
import json
import os
import pathlib
import re
import sys

import hubs
import policies
import queries
import spoiling
import teams
import told

# What the Functions host, App Service and the Azure SDK read themselves, not the handler.
HOST_SETTINGS = re.compile(
    r"AZURE_CLIENT_ID$|AzureWebJobsStorage__|AzureFunctionsJobHost__|AzureWebJobs\.\w+\.Disabled$|APPLICATIONINSIGHTS_|OVERRIDE_USE_MI_FIC_|\w+__(credential|clientId)$"
)
# For laptops; never given in Azure.
NEVER_GIVEN = {"CONTENT_SAFETY_KEY", "CLOCK_OFFSET_FILE"}


# What stands for a region in the name of a queue; modules/sun says for which.
REGION = "%SUN_REGION%"


class App:
    """What an app says of itself."""

    def __init__(self, name, described, regions):
        self.name = name
        self.settings = {setting["name"]: setting["required"] for setting in described["settings"]}
        self.functions = {function["name"] for function in described["functions"]}
        self.bindings = [binding for function in described["functions"] for binding in function["bindings"]]
        self.timers = [
            function["name"] for function in described["functions"]
            if any(binding["type"] == "timerTrigger" for binding in function["bindings"])
        ]
        self.routes = {function["route"] for function in described["functions"] if function.get("route") and not function.get("unmatched")}
        # Of each thing how it is used.
        # A queue with a region in its name is one for each.
        self.queues = {queue.replace(REGION, region): how for queue, how in uses(described["queues"], "name").items() for region in regions}
        self.blobs = uses(described["blobContainers"], "name")
        self.signs = any("sign" in how for how in self.blobs.values())
        self.documents = uses(described["containers"], "database", "name")
        self.hubs = uses(described.get("eventHubs", []), "name")
        # Of each function that a hub calls: which hub, as which group.
        self.from_hubs = {
            function["name"]: (binding["eventHubName"], binding.get("consumerGroup", "$Default"))
            for function in described["functions"] for binding in function["bindings"] if binding["type"] == "eventHubTrigger"
        }

    def owns(self, container):
        return container.split("/")[0] == self.name


def uses(things, *names):
    used = {}
    for thing in things:
        used.setdefault("/".join(thing[name] for name in names), set()).update(thing["uses"])
    return used


class Plan:
    def __init__(self, plan):
        self.resources = [
            {**change, "after": change["change"]["after"] or {}, "unknown": change["change"]["after_unknown"]}
            for change in plan["resource_changes"]
        ]
        self.outputs = plan["planned_values"]["outputs"]
        self.configuration = plan.get("configuration", {})

    def all(self, kind):
        return [resource for resource in self.resources if resource["type"] == kind]

    def names(self, kind):
        return {resource["after"]["name"] for resource in self.all(kind)}

    def containers(self):
        """For each Cosmos DB container, database/name, its indexed paths."""
        return {
            f"{resource['after']['database_name']}/{resource['after']['name']}":
                {path["path"] for policy in resource["after"]["indexing_policy"] for path in policy["included_path"]}
            for resource in self.all("azurerm_cosmosdb_sql_container")
        }

    def sites(self):
        return [resource for resource in self.all("azapi_resource") if resource["after"].get("type", "").startswith("Microsoft.Web/sites@")]

    def function_apps(self):
        """(app, where, names of settings) for each function app.

        What is sent is the body. A provider may leave it unknown as a whole because one value in it is; then the output
        `settings` tells the names, which a test of the module holds against the body.
        """
        for resource in self.sites():
            region, app = re.search(r'region\["(.+?)"\].*app\["(.+?)"\]', resource["address"]).groups()
            given = self.known(resource, "body", "properties", "siteConfig", "appSettings")
            if isinstance(given, list) and all(setting.get("name") for setting in given):
                names = {setting["name"] for setting in given}
            else:
                names = set(self.outputs["settings"]["value"][region][app])
            yield app, f"{app} in {region}", names

    @staticmethod
    def known(resource, *path):
        """A value within a resource; None where the plan knows nothing of it."""
        value = resource["after"]
        for step in path:
            value = value.get(step) if isinstance(value, dict) else None
        return value

    def access(self, kind):
        """The keys of modules/access: (who, verb, what)."""
        prefix = f"module.access.{kind}["
        return {tuple(resource["index"].split("/", 2)) for resource in self.resources if prefix in resource["address"]}


def settings(apps, plan):
    for name, where, given in plan.function_apps():
        app = apps[name]
        needed = {setting for setting, required in app.settings.items() if required} - NEVER_GIVEN
        for setting in sorted(needed - given):
            yield f"{where} needs {setting}, which has no value in Azure: give it one in functions/{name}/app.json"
        for setting in sorted(given):
            if HOST_SETTINGS.match(setting):
                connection = re.fullmatch(r"(\w+)__(credential|clientId)", setting)
                bound = {binding.get("connection") for binding in app.bindings} | {"AzureWebJobsStorage"}
                if connection and connection[1] not in bound:
                    yield f"{where} is given {setting}, but no binding has this connection"
            elif setting in NEVER_GIVEN:
                yield f"{where} is given {setting}: that is for laptops"
            elif setting not in app.settings and not any(named(setting, binding) for binding in app.bindings):
                yield f"{where} is given {setting}, which it does not read: take it out of functions/{name}/app.json"


def named(setting, binding):
    """Whether a binding has the setting in percent signs, or its connection."""
    return setting.startswith(f"{binding.get('connection')}__") or any(f"%{setting}%" in value for value in binding.values() if isinstance(value, str))


def identities(apps, plan):
    """Hosts reach their storage by identity and nothing else, and read the vault with the app's own."""
    for name, where, given in plan.function_apps():
        if "AzureWebJobsStorage" in given:
            yield f"{where} is given AzureWebJobsStorage, which wins over AzureWebJobsStorage__accountName"
        for setting in sorted({"AzureWebJobsStorage__accountName", "AzureWebJobsStorage__credential", "AzureWebJobsStorage__clientId"} - given):
            yield f"{where} lacks {setting}: its host cannot reach its storage"
    for resource in plan.all("azurerm_function_app_flex_consumption"):
        yield f"{resource['address']}: azurerm adds AzureWebJobsStorage with an empty key to what it sends; modules/function_app makes sites with azapi"
    for resource in plan.sites():
        body = resource["after"].get("body")
        properties = (body or {}).get("properties", {}) if isinstance(body, dict) else {}
        unknown = resource["unknown"].get("body") or {}
        unknown = unknown if unknown is True else unknown.get("properties") or {}
        if properties and not properties.get("keyVaultReferenceIdentity") and not (unknown is True or unknown.get("keyVaultReferenceIdentity")):
            yield f"{resource['address']} does not say who reads its references to Key Vault: keyVaultReferenceIdentity"


def whoever_applies(apps, plan):
    """A plan is the same whoever makes it, and what keeps data from being deleted leaves roles alone."""
    for module, name in mentions(plan.configuration.get("root_module", {}), "data.azurerm_client_config.current.object_id"):
        yield f"{module or 'the environment'}: {name} depends on who applies, so it is replaced by whoever applies next"
    for resource in plan.all("azurerm_management_lock"):
        yield f"{resource['address']}: a lock also forbids to take roles, queues and partners away; modules/locks denies deletion by a policy"


def mentions(module, reference, where=""):
    """(module, resource or module called) for each expression that refers to it."""
    for kind, entries in (("", module.get("resources", [])), ("module.", [{"address": name, **call} for name, call in module.get("module_calls", {}).items()])):
        for entry in entries:
            if f'"{reference}"' in json.dumps(entry.get("expressions", {})):
                yield where, f"{kind}{entry['address']}"
    for name, call in module.get("module_calls", {}).items():
        yield from mentions(call.get("module", {}), reference, f"{where}module.{name}.")


def things(apps, plan):
    queues, blobs, documents = plan.names("azurerm_storage_queue"), plan.names("azurerm_storage_container"), plan.containers()
    for app in apps.values():
        declare = f"which Terraform does not make: name it under `owns` in functions/{app.name}/app.json, or in that of the app it belongs to"
        for what, used, made in [("queue", app.queues, queues), ("blob container", app.blobs, blobs), ("container", app.documents, documents)]:
            for name in sorted(set(used) - set(made)):
                yield f"{app.name} uses the {what} {name} ({', '.join(sorted(used[name]))}), {declare}"
        for queue, how in app.queues.items():
            poison = f"{queue}-poison"
            if "trigger" in how and not queue.endswith("-poison"):
                if poison not in queues:
                    yield f"{app.name} is triggered by {queue}, but Terraform does not make {poison}"
                if "process" not in app.queues.get(poison, ()):
                    yield f"{app.name} is triggered by {queue}, but takes nothing from {poison}: what fails there would be seen by nobody"


def roles(apps, plan):
    granted = plan.access("azurerm_role_assignment.queue") | plan.access("azurerm_role_assignment.blobs")
    documents, keys = plan.access("azurerm_cosmosdb_sql_role_assignment.documents"), plan.access("azurerm_role_assignment.key")
    secrets = {key for _, _, key in keys}
    wanted, wanted_documents, wanted_keys = set(), set(), set()
    for app in apps.values():
        for queue, how in app.queues.items():
            if how & {"trigger", "process"}:
                wanted.add((app.name, "processes", queue))
            else:
                wanted |= {(app.name, verb, queue) for use, verb in [("send", "sends"), ("length", "measures")] if use in how}
            yield from may(app, queue, how, plan)
        # Of another app's container an app may read; its own it may fill, even if only others do.
        own = owned_blobs(app.name)
        wanted |= {(app.name, "reads" if how == {"read"} and container not in own else "owns", container) for container, how in app.blobs.items()}
        for container, how in app.documents.items():
            wanted_documents.add((app.name, "owns", app.name) if app.owns(container) else (app.name, "reads", container))
            if not app.owns(container) and not how <= {"read", "feed"}:
                yield f"{app.name} writes to {container}, which is another app's: ask that app by its API or a message"
        wanted_keys |= {(app.name, "reads", key) for key in secrets & set(app.settings)}
        signer = any(f'azurerm_role_assignment.signer["{app.name}"]' in resource["address"] for resource in plan.resources)
        if signer != app.signs:
            yield f"{app.name} {'signs' if app.signs else 'does not sign'} URLs, and {'may' if signer else 'may not'}: signsUrls in functions/{app.name}/app.json"
    yield from compare("queue or blob role", granted, wanted)
    yield from compare("document role", documents, wanted_documents)
    yield from compare("key", keys, wanted_keys)
    wanted_hubs = {(app.name, verb, hub) for app in apps.values() for hub, how in app.hubs.items() for use, verb in [("send", "sends"), ("trigger", "reads")] if use in how}
    yield from compare("event hub role", plan.access("azurerm_role_assignment.hub"), wanted_hubs)


def owned_blobs(app):
    file = json.loads((repository / "functions" / app / "app.json").read_text())
    return {container["name"] for container in file.get("owns", {}).get("blobContainers", [])}


# What the roles at a queue allow, as far as the host and an app need it.
QUEUE_ROLES = {
    "Storage Queue Data Contributor": {"read messages", "delete messages", "update messages", "send messages", "read the queue"},
    "Storage Queue Data Message Processor": {"read messages", "delete messages"},
    "Storage Queue Data Message Sender": {"send messages"},
    "Storage Queue Data Reader": {"read messages", "read the queue"},
}
# The host reads and deletes, changes a message's visibility after an attempt that failed, and scales by the length.
QUEUE_NEEDS = {
    "trigger": {"read messages", "delete messages", "update messages", "read the queue"},
    "process": {"read messages", "delete messages", "update messages", "read the queue"},
    "send": {"send messages"},
    "length": {"read the queue"},
}


def may(app, queue, how, plan):
    allowed = set()
    for resource in plan.all("azurerm_role_assignment"):
        who, _, where = str(resource.get("index")).partition("/")
        if "module.access.azurerm_role_assignment.queue[" in resource["address"] and who == app.name and where.partition("/")[2] == queue:
            allowed |= QUEUE_ROLES[resource["after"]["role_definition_name"]]
    for use in sorted(how):
        for missing in sorted(QUEUE_NEEDS.get(use, set()) - allowed):
            yield f"{app.name} ({use}) may not {missing} of {queue}: modules/access"


def compare(what, granted, wanted):
    for who in sorted(wanted - granted):
        yield f"{what} missing: {' '.join(who)}: say so under `owns`, `uses` or `settings` in functions/{who[0]}/app.json"
    for who in sorted(granted - wanted):
        yield f"{what} that nothing in the app needs: {' '.join(who)}"


def indexes(apps, plan):
    indexed = {name: {path.strip("/").removesuffix("/?") for path in paths} for name, paths in plan.containers().items()}
    for app in apps.values():
        for path, containers, fields in queries.of_app(repository, app.name, set(app.documents)):
            known = set().union(*(indexed.get(container, set()) for container in containers))
            for field in sorted(fields) if "*" not in known else []:
                if not any(index == field or index.startswith(field + "/") for index in known):
                    yield f"{app.name}/{path} asks for c.{field.replace('/', '.')}, which is not indexed: `indexes` in functions/{app.name}/app.json"


def operations(apps, plan):
    for resource in plan.all("azurerm_api_management_api"):
        served = json.loads(resource["after"]["import"][0]["content_value"])
        prefix = "/".join(part for part in (resource["after"]["path"], resource["after"]["version"]) if part)
        paths = {f"{prefix}{path}" for path in served["paths"]}
        for app in apps.values():
            keyed = [binding["route"] for binding in app.bindings if binding["type"] == "httpTrigger" and binding.get("authLevel") in ("function", "admin")]
            for route in sorted(route for route in app.routes if route.startswith(f"{prefix}/") and "*" not in route and route not in keyed):
                # A contract may spell out what a route leaves to a parameter.
                pattern = re.compile(re.sub(r"\\\{.*?\\\}", "[^/]+", re.escape(route)))
                if not any(pattern.fullmatch(path) for path in paths):
                    yield f"{app.name} serves {route}, but {resource['address']} does not"
        text = json.dumps(served)
        for reference in set(re.findall(r'"\$ref": "(.+?)"', text)):
            kind, _, name = reference.removeprefix("#/components/").partition("/")
            if not reference.startswith("#/components/") or name not in served["components"].get(kind, {}):
                yield f"{resource['address']} refers to {reference}, which is not there"


def costs(apps, plan):
    if os.environ.get("IOMMI_WITHOUT_COSTS"):
        return
    text = (repository / "docs" / "cost.md").read_text()
    column = ["dev", "staging", "production"].index(environment)
    counted = re.findall(r"^\| `(\w+)`[^|]*\|(.*)\|$", text, re.M)
    if not counted:
        yield "docs/cost.md has no table of counted resources"
    for kind, cells in counted:
        said, planned = cells.split("|")[column].strip(), str(len(plan.all(kind)))
        if said != planned:
            yield f"docs/cost.md counts {said} {kind} in {environment}, the plan {planned}"


CHECKS = [
    ("each setting that an app needs is given, and each that is given is read", settings),
    ("each host reaches its storage by identity, and nobody gives it a key", identities),
    ("a plan is the same whoever makes it, and nothing is locked that must be able to go", whoever_applies),
    ("each queue and container that an app uses is made, and each poison queue is read", things),
    ("each role is needed, and each that is needed is given", roles),
    ("each hub and group is made, is read in one region, and nobody has a right at the namespace", hubs.made_and_read),
    ("whoever says how far consumers are may read their checkpoints, and nothing else", hubs.measured),
    ("what is captured has a container and the leave to write there", hubs.captured),
    ("everything that can say so says whose it is", lambda apps, plan: teams.named(apps, plan, repository)),
    ("what an app puts aside or does not keep is told", told.alerts),
    ("each field that a query asks for is indexed", indexes),
    ("each public route is in API Management", operations),
    ("each policy is well formed", policies.well_formed),
    ("each template of a policy is well formed, and its token names an identity", lambda apps, plan: policies.templates(apps, plan, repository)),
    ("each alert leads to a page", lambda apps, plan: told.runbooks(apps, plan, repository)),
    ("what docs/cost.md counts is what is made", costs),
]


def failures(plan, described):
    """What each check finds, by its title."""
    given = {name: variable.get("value") for name, variable in plan["variables"].items()}
    regions = given["regions"] if given.get("sun") else ["everywhere"]
    apps = {name: App(name, description, regions) for name, description in described.items()}
    return {says: list(check(apps, Plan(plan))) for says, check in CHECKS}


def spoilt(plan, described):
    """Spoils plan or descriptions in one place at a time: what this script would not notice."""
    for what, spoil in spoiling.WAYS:
        bad_plan, bad_described = copy.deepcopy(plan), copy.deepcopy(described)
        spoil(bad_plan["resource_changes"], bad_described)
        if not any(failures(bad_plan, bad_described).values()):
            yield what
    for what, spoil in spoiling.WAYS_OF_PLANS:
        bad_plan = copy.deepcopy(plan)
        spoil(bad_plan)
        bad_described = described
        if not any(failures(bad_plan, bad_described).values()):
            yield what


def main():
    plan = json.loads(pathlib.Path(sys.argv[2]).read_text())
    described = {path.stem: json.loads(path.read_text()) for path in sorted(pathlib.Path(sys.argv[3]).glob("*.json"))}
    found = failures(plan, described)
    for says, problems in found.items():
        print("ok:" if not problems else "FAILED:", says)
        for problem in problems:
            print("  ", problem)
    unknown = copy.deepcopy(plan)
    spoiling.with_unknown_bodies(unknown)
    for says, problems in failures(unknown, described).items():
        if problems and not found[says]:
            found[f"the same where a provider knows less: {says}"] = problems
            print("FAILED: where a provider leaves a body unknown as a whole,", says, *problems, sep="\n   ")
    missed = [] if any(found.values()) else list(spoilt(plan, described))
    print("ok:" if not missed else "FAILED:", "what is spoilt in one place is noticed")
    for what in missed:
        print("   not noticed:", what)
    sys.exit(1 if missed or any(found.values()) else 0)


if __name__ == "__main__":
    environment, repository = sys.argv[1], pathlib.Path(sys.argv[4])
    main()
