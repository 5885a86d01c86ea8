"""Holds a plan to the apps and the apps to the plan: `contract.py ENVIRONMENT PLAN.json REPOSITORY`.

The plan is what Terraform would make; the apps are their sources and their function.json, read here once more, so that
a mistake in modules/catalogue shows as well.
"""
import copy
import json
import pathlib
import re
import sys
from xml.etree import ElementTree

# What the Functions host and App Service read themselves, not the handler.
HOST_SETTINGS = re.compile(r"AzureWebJobsStorage__|APPLICATIONINSIGHTS_|OVERRIDE_USE_MI_FIC_|\w+__(credential|clientId)$")
# Set by the platform around the handler.
PLATFORM_SETTINGS = {"REGION_NAME", "IDENTITY_ENDPOINT"}
# Settings that a handler may do without or gets another way; never given in Azure.
NEVER_GIVEN = {"CONTENT_SAFETY_KEY"}

READ = re.compile(r"settings\s*\.(required|parse|parse_or|optional)(?:::<[^>]*>)?\(\s*\"([A-Z]\w+)\"")
QUERY = re.compile(r"SELECT.*?(?<!\\)\"", re.S)
FIELD = re.compile(r"\bc((?:\.[a-zA-Z]\w*)+)")


def product_code(path):
    """A source file without its tests and comments."""
    code = re.split(r"#\[cfg\(test\)\]\s*mod \w+ \{", path.read_text())[0]
    return re.sub(r"^\s*//.*$", "", code, flags=re.M)


class App:
    def __init__(self, folder):
        self.name = folder.name
        self.files = {
            str(path.relative_to(folder)): product_code(path)
            for path in sorted((folder / "src").rglob("*.rs"))
            if "tests" not in path.parts and not path.stem.endswith("tests")
        }
        self.source = "\n".join(self.files.values())
        self.functions = {
            path.parent.name: json.loads(path.read_text())["bindings"]
            for path in (folder / "src").rglob("function.json")
        }
        self.bindings = [binding for bindings in self.functions.values() for binding in bindings]

    def named(self, call):
        """The names that the source gives to `call("name")`."""
        return set(re.findall(rf"\.{call}\(\s*\"([a-z0-9-]+)\"", self.source))

    def bound(self, kind, key):
        return {binding[key] for binding in self.bindings if binding["type"] == kind}

    def routes(self):
        return {binding["route"] for binding in self.bindings if binding["type"] == "httpTrigger"}

    def queried_fields(self):
        """(file, containers that it may mean, fields in conditions) for each file with queries."""
        for path, code in self.files.items():
            found = set()
            for text in QUERY.findall(code):
                conditions = re.split(r"\bWHERE\b|\bORDER BY\b|\bJOIN\b", text, maxsplit=1)
                if len(conditions) > 1:
                    found |= {field[1:].replace(".", "/") for field in FIELD.findall(conditions[1])}
            if found:
                yield path, set(re.findall(r"\.container\(\s*\"([a-z0-9-]+)\"", code)) or self.named("container"), found


class Plan:
    def __init__(self, plan):
        self.resources = [
            {**change, "after": change["change"]["after"] or {}, "unknown": change["change"]["after_unknown"]}
            for change in plan["resource_changes"]
        ]
        self.outputs = plan["planned_values"]["outputs"]

    def all(self, kind):
        return [resource for resource in self.resources if resource["type"] == kind]

    def names(self, kind):
        return {resource["after"]["name"] for resource in self.all(kind)}

    def function_apps(self):
        """(app, where, names of settings) for each function app."""
        for resource in self.all("azurerm_function_app_flex_consumption"):
            region, app = re.search(r'region\["(.+?)"\].*app\["(.+?)"\]', resource["address"]).groups()
            settings = set(resource["after"].get("app_settings") or {}) | set(resource["unknown"].get("app_settings") or {})
            yield app, f"{app} in {region}", settings

    def access(self, kind):
        """The keys of modules/access: (who, verb, what)."""
        prefix = f"module.access.{kind}["
        keys = [resource["index"] for resource in self.resources if prefix in resource["address"]]
        return {tuple((key + "//").split("/")[:3]) for key in keys}


def settings(apps, plan, shared):
    for name, where, given in plan.function_apps():
        source = apps[name].source + shared
        read = {setting: how for how, setting in READ.findall(source)}
        needed = {setting for setting, how in read.items() if how in ("required", "parse")} - PLATFORM_SETTINGS - NEVER_GIVEN
        # Apps without queues or blobs do not read where they would be.
        if not re.search(r"\bStorageSettings\b", apps[name].source):
            needed = {setting for setting in needed if not setting.startswith("STORAGE__")}
        for setting in sorted(needed - given):
            yield f"{where} reads {setting}, which Terraform does not give: name it in terraform/apps/{name}.json"
        for setting in sorted(given):
            if HOST_SETTINGS.match(setting):
                connection = re.fullmatch(r"(\w+)__(credential|clientId)", setting)
                bound = {binding.get("connection") for binding in apps[name].bindings} | {"AzureWebJobsStorage"}
                if connection and connection[1] not in bound:
                    yield f"{where} is given {setting}, but no binding has this connection"
            elif setting in NEVER_GIVEN:
                yield f"{where} is given {setting}: that is for laptops"
            elif f'"{setting}"' not in source:
                yield f"{where} is given {setting}, which it does not read: take it out of terraform/apps/{name}.json"


def things(apps, plan, shared):
    queues, blobs = plan.names("azurerm_storage_queue"), plan.names("azurerm_storage_container")
    documents = plan.names("azurerm_cosmosdb_sql_container")
    for app in apps.values():
        for queue in app.bound("queueTrigger", "queueName"):
            for needed in [queue] if queue.endswith("-poison") else [queue, f"{queue}-poison"]:
                if needed not in queues:
                    yield f"{app.name} is triggered by the queue {queue}, but Terraform does not make {needed}"
        for name, kind, made in [("queue", "queue", queues), ("blobs", "blob container", blobs), ("container", "container", documents)]:
            for used in sorted(app.named(name) - made):
                yield f"{app.name} uses the {kind} {used}, which Terraform does not make: declare it in a resources.json"
        for binding in app.bindings:
            if binding["type"] == "cosmosDBTrigger":
                for used in (binding["containerName"], binding.get("leaseContainerName", "leases")):
                    if used not in documents:
                        yield f"{app.name} is triggered by the container {binding['containerName']}, but Terraform does not make {used}"


def roles(apps, plan, shared):
    granted = plan.access("azurerm_role_assignment.queue") | plan.access("azurerm_role_assignment.blobs")
    documents = plan.access("azurerm_cosmosdb_sql_role_assignment.documents")
    keys = plan.access("azurerm_role_assignment.key")
    wanted, wanted_documents, wanted_keys = {}, {}, {}
    for app in apps.values():
        triggers = app.bound("queueTrigger", "queueName")
        for queue in triggers:
            wanted[(app.name, "processes", queue)] = wanted[(app.name, "measures", queue)] = True
            if not queue.endswith("-poison"):
                wanted[(app.name, "poisons", f"{queue}-poison")] = True
        for queue in app.named("queue"):
            field = re.search(rf"(\w+): storage\.queue\(\s*\"{queue}\"", app.source)
            if not field:
                yield f"{app.name} uses the queue {queue} in a way this check does not understand"
                continue
            if re.search(rf"\.{field[1]}\s*\.send", app.source):
                wanted[(app.name, "sends", queue)] = True
            if re.search(rf"\.{field[1]}\s*\.length\(", app.source):
                wanted[(app.name, "measures", queue)] = True
        for container in app.named("blobs"):
            wanted[(app.name, "owns", container)] = True
        leases = {binding.get("leaseContainerName", "leases") for binding in app.bindings if binding["type"] == "cosmosDBTrigger"}
        for container in app.named("container") | app.bound("cosmosDBTrigger", "containerName") | leases:
            wanted_documents[(app.name, container)] = True
        for key in {"CONTINUATION_KEY", "FORM_KEY"} & {setting for _, setting in READ.findall(app.source)}:
            wanted_keys[(app.name, "reads", key)] = True
        signer = any(f'azurerm_role_assignment.signer["{app.name}"]' in resource["address"] for resource in plan.resources)
        signs = ".upload_url(" in app.source
        if signer != signs:
            yield f"{app.name} {'signs' if signs else 'does not sign'} URLs, and {'may' if signer else 'may not'}: signsUploads in terraform/apps/{app.name}.json"
    yield from compare("queue or blob role", granted, set(wanted))
    yield from compare("document role", {(who, what) for who, _, what in documents}, set(wanted_documents))
    yield from compare("key", keys, set(wanted_keys))


def compare(what, granted, wanted):
    for who in sorted(wanted - granted):
        yield f"{what} missing: {' '.join(who)}"
    for who in sorted(granted - wanted):
        yield f"{what} that nothing in the sources needs: {' '.join(who)}"


def queries(apps, plan, shared):
    indexed = {}
    for resource in plan.all("azurerm_cosmosdb_sql_container"):
        paths = {path["path"] for policy in resource["after"]["indexing_policy"] for path in policy["included_path"]}
        indexed[resource["after"]["name"]] = {path.strip("/").removesuffix("/?") for path in paths}
    for app in apps.values():
        for path, containers, fields in app.queried_fields():
            known = set().union(*(indexed.get(container, set()) for container in containers))
            if "*" in known:
                continue
            for field in sorted(fields):
                if not any(index == field or index.startswith(field + "/") for index in known):
                    yield f"{app.name}/{path} asks for c.{field.replace('/', '.')}, which is not indexed: terraform/apps/{app.name}.json"


def operations(apps, plan, shared):
    for resource in plan.all("azurerm_api_management_api"):
        served = json.loads(resource["after"]["import"][0]["content_value"])
        version = resource["after"]["version"]
        paths = {f"{version}{path}" for path in served["paths"]}
        for app in apps.values():
            for route in sorted(route for route in app.routes() if route.startswith(f"{version}/") and "*" not in route):
                # A contract may spell out what a route leaves to a parameter.
                pattern = re.compile(re.sub(r"\\\{.*?\\\}", "[^/]+", re.escape(route)))
                if not any(pattern.fullmatch(path) for path in paths):
                    yield f"{app.name} serves {route}, but {resource['address']} does not"
        text = json.dumps(served)
        for reference in set(re.findall(r"#/components/(\w+)/([\w.-]+)", text)):
            if reference[1] not in served["components"].get(reference[0], {}):
                yield f"{resource['address']} refers to {'/'.join(reference)}, which is not there"


def policies(apps, plan, shared):
    """Policies are raw XML in which C# stands as it is: well formed without any entity."""
    for resource in plan.resources:
        text = resource["after"].get("xml_content")
        if not text:
            continue
        if re.search(r"&\w+;", text):
            yield f"{resource['address']} has an entity, which would reach the C# compiler"
        try:
            ElementTree.fromstring(text)
        except ElementTree.ParseError as error:
            yield f"{resource['address']} is not well formed: {error}"


def runbooks(apps, plan, shared):
    for page in sorted(plan.outputs["runbooks"]["value"]):
        if not (repository / page).is_file():
            yield f"an alert leads to {page}, which is not there"


def costs(apps, plan, shared):
    text = (repository / "docs" / "cost.md").read_text()
    column = ["dev", "staging", "production"].index(environment)
    counted = re.findall(r"^\| `(\w+)` \|(.*)\|$", text, re.M)
    if not counted:
        yield "docs/cost.md has no table of counted resources"
    for kind, cells in counted:
        said, planned = cells.split("|")[column].strip(), str(len(plan.all(kind)))
        if said != planned:
            yield f"docs/cost.md counts {said} {kind} in {environment}, the plan {planned}"


def app_folder(name):
    return repository / "functions" / name


CHECKS = [
    ("each setting that an app reads is given, and each that is given is read", settings),
    ("each queue and container that an app names is made", things),
    ("each role is needed, and each that is needed is given", roles),
    ("each field that a query asks for is indexed", queries),
    ("each public route is in API Management", operations),
    ("each policy is well formed", policies),
    ("each alert leads to a page", runbooks),
    ("what docs/cost.md counts is what is made", costs),
]


def read_apps():
    return {folder.parent.name: App(folder.parent) for folder in sorted((repository / "functions").glob("*/resources.json"))}


def read_shared():
    crates = [repository / "crates" / crate / "src" for crate in ("iommi-app", "custom-handler")]
    return "\n".join(product_code(path) for crate in crates for path in sorted(crate.rglob("*.rs")))


def failures(plan, apps, shared):
    """What each check finds, by its title."""
    return {says: list(check(apps, Plan(plan), shared)) for says, check in CHECKS}


def spoilt(plan, apps, shared):
    """Spoils the plan in one place at a time: what this script would not notice."""
    def without(kind, index):
        return lambda plan: plan["resource_changes"].remove(
            next(change for change in plan["resource_changes"] if change["type"] == kind and str(change.get("index")) == index))

    def setting(name):
        def change(plan):
            app = next(change["change"] for change in plan["resource_changes"] if change["type"] == "azurerm_function_app_flex_consumption")
            app["after"]["app_settings"].pop(name, None) or app["after_unknown"]["app_settings"].pop(name, None) or app["after"]["app_settings"].update({name: "x"})
        return change

    def rename(plan):
        role = next(change for change in plan["resource_changes"] if str(change.get("index")).startswith("photos/sends/"))
        role["address"], role["index"] = role["address"].replace("photos/sends", "legacy/sends"), role["index"].replace("photos/sends", "legacy/sends")

    def unindexed(plan):
        container = next(change for change in plan["resource_changes"] if change["type"] == "azurerm_cosmosdb_sql_container" and change["index"] == "profiles")
        container["change"]["after"]["indexing_policy"][0]["included_path"] = [{"path": "/id/?"}]

    for what, change in [
        ("a setting is missing", setting("CONTINUATION_KEY")),
        ("a setting is there that nobody reads", setting("NOBODY_READS_THIS")),
        ("a queue is missing", without("azurerm_storage_queue", "legacy-outbox")),
        ("a poison queue is missing", without("azurerm_storage_queue", "legacy-inbox-poison")),
        ("a container is missing", without("azurerm_cosmosdb_sql_container", "addresses-in-use")),
        ("a role is given to another app", rename),
        ("a document role is missing", without("azurerm_cosmosdb_sql_role_assignment", "legacy/follows/profiles")),
        ("a field is not indexed", unindexed),
    ]:
        bad = copy.deepcopy(plan)
        change(bad)
        if not any(failures(bad, apps, shared).values()):
            yield what


if __name__ == "__main__":
    environment, repository = sys.argv[1], pathlib.Path(sys.argv[3])
    plan, apps, shared = json.loads(pathlib.Path(sys.argv[2]).read_text()), read_apps(), read_shared()
    found = failures(plan, apps, shared)
    for says, problems in found.items():
        print("ok:" if not problems else "FAILED:", says)
        for problem in problems:
            print("  ", problem)
    missed = [] if any(found.values()) else list(spoilt(plan, apps, shared))
    print("ok:" if not missed else "FAILED:", "a plan that is spoilt in one place is noticed")
    for what in missed:
        print("   not noticed:", what)
    sys.exit(1 if missed or any(found.values()) else 0)
