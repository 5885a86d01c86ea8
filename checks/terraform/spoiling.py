"""What contract.py must notice: ways to spoil a plan or what an app says of itself, each in one place."""


def without(kind, index):
    def spoil(plan, described):
        plan.remove(next(change for change in plan if change["type"] == kind and str(change.get("index")) == index))
    return spoil


def of_kind(plan, kind, index=None):
    return next(change for change in plan if change["type"] == kind and index in (None, change.get("index")))["change"]


def sites(plan):
    return [change["change"] for change in plan if change["type"] == "azapi_resource" and change["change"]["after"]["type"].startswith("Microsoft.Web/sites@")]


def settings_of(site):
    return site["after"]["body"]["properties"]["siteConfig"]["appSettings"]


def renamed_operation(name, function):
    """As the gateway calls it, and as the host does."""
    def spoil(plan, described):
        for app in described.values():
            for described_function in app["functions"]:
                if described_function["name"] == function:
                    described_function["name"] = "other"
        for change in plan:
            if change["type"] == "azurerm_api_management_api":
                document = change["change"]["after"]["import"][0]
                document["content_value"] = document["content_value"].replace(f'"{name}"', '"accounts-other"')
    return spoil


def without_setting(name):
    def spoil(plan, described):
        for site in sites(plan):
            settings_of(site)[:] = [setting for setting in settings_of(site) if setting["name"] != name]
    return spoil


def without_rules(beginning):
    def spoil(plan, described):
        plan[:] = [change for change in plan if not str(change.get("index")).startswith(beginning)]
    return spoil


def with_setting(name):
    def spoil(plan, described):
        settings_of(sites(plan)[0]).append({"name": name, "value": "x"})
    return spoil


def made(kind):
    def spoil(plan, described):
        plan.append({"address": "x", "type": kind, "change": {"after": {}, "after_unknown": {}}})
    return spoil


def nobody_reads_the_vault(plan, described):
    site = sites(plan)[0]
    for part in ("after", "after_unknown"):
        site[part]["body"]["properties"].pop("keyVaultReferenceIdentity", None)


def role_of_another(plan, described):
    role = next(change for change in plan if str(change.get("index")).startswith("photos/sends/"))
    role["address"], role["index"] = role["address"].replace("photos/sends", "legacy/sends"), role["index"].replace("photos/sends", "legacy/sends")


def may_not_update_messages(plan, described):
    for change in plan:
        if str(change.get("index")) == "legacy/processes/legacy-inbox":
            change["change"]["after"]["role_definition_name"] = "Storage Queue Data Message Processor"


def unindexed(plan, described):
    of_kind(plan, "azurerm_cosmosdb_sql_container", "profiles/profiles")["after"]["indexing_policy"][0]["included_path"] = [{"path": "/id/?"}]


def reference_to_nowhere(plan, described):
    document = of_kind(plan, "azurerm_api_management_api")["after"]["import"][0]
    document["content_value"] = document["content_value"].replace('"$ref":"#/components/', '"$ref":"../elsewhere.yaml#/components/', 1)


def described_queue(app, queue, use):
    def spoil(plan, described):
        described[app]["queues"] = [*described[app]["queues"], {"name": queue, "uses": [use]}]
    return spoil


def needs_another_setting(plan, described):
    described["legacy"]["settings"].append({"name": "NOBODY_GIVES_THIS", "purpose": "", "example": "", "required": True, "default": None})


def writes_to_another_app(plan, described):
    next(container for container in described["legacy"]["containers"] if container["database"] == "profiles")["uses"].append("write")


def nobody_looks_at_poison(plan, described):
    queues = described["legacy"]["queues"]
    queues.remove(next(queue for queue in queues if queue["name"] == "legacy-inbox-poison"))


def event_hub_role(verb):
    return lambda change: "module.access.azurerm_role_assignment.hub[" in change["address"] and f"/{verb}/" in str(change.get("index"))


def without_first(found):
    def spoil(plan, described):
        plan.remove(next(change for change in plan if found(change)))
    return spoil


def role_at_the_namespace(plan, described):
    role = next(change for change in plan if event_hub_role("sends")(change))
    plan.append({**role, "address": "module.platform.azurerm_role_assignment.sends_everywhere"})


def read_nowhere(plan, described):
    function = next(function["name"] for app in described.values() for function in app["functions"] if any(binding["type"] == "eventHubTrigger" for binding in function["bindings"]))
    for site in sites(plan):
        settings_of(site).append({"name": f"AzureWebJobs.{function}.Disabled", "value": "true"})


def captured_without_leave(plan, described):
    of_kind(plan, "azurerm_eventhub")["after"]["capture_description"] = [{"enabled": True}]
    plan[:] = [change for change in plan if "event_hubs[0].azurerm_role_assignment.capture[" not in change["address"]]


def nobodys(plan, described):
    next(change for change in plan if isinstance((change["change"]["after"] or {}).get("tags"), dict))["change"]["after"]["tags"].pop("team")


def anothers(plan, described):
    tags = next(site["after"]["tags"] for site in sites(plan) if site["after"]["tags"]["app"] == "profiles")
    tags["team"] = "conversions"


# (what is spoilt, how: it changes the plan's resources and the descriptions)
WAYS = [
    ("a setting is missing", without_setting("CONTINUATION_KEY")),
    ("a setting is there that nobody reads", with_setting("NOBODY_READS_THIS")),
    ("an app needs a setting that nobody gives", needs_another_setting),
    ("a host is given a key's setting", with_setting("AzureWebJobsStorage")),
    ("a host does not know its account", without_setting("AzureWebJobsStorage__accountName")),
    ("a site is made by azurerm", made("azurerm_function_app_flex_consumption")),
    ("references to the vault are read by nobody", nobody_reads_the_vault),
    ("data is locked", made("azurerm_management_lock")),
    ("a queue is missing", without("azurerm_storage_queue", "legacy-outbox")),
    ("a poison queue is missing", without("azurerm_storage_queue", "legacy-inbox-poison")),
    ("a poison queue is read by nobody", nobody_looks_at_poison),
    ("a container is missing", without("azurerm_cosmosdb_sql_container", "profiles/addresses-in-use")),
    ("a blob container is missing", without("azurerm_storage_container", "photo-uploads")),
    ("an app sends to a queue that nobody declares", described_queue("photos", "x", "send")),
    ("an app sends to a queue of another app without its role", described_queue("profiles", "legacy-outbox", "send")),
    ("an app writes to a container of another app", writes_to_another_app),
    ("a role is given to another app", role_of_another),
    ("a function's host may not update messages", may_not_update_messages),
    ("a document role is missing", without("azurerm_cosmosdb_sql_role_assignment", "legacy/reads/profiles/profiles")),
    ("a key's role is missing", without("azurerm_role_assignment", "photos/reads/FORM_KEY")),
    ("an alert of dead letters is missing", without("azurerm_monitor_scheduled_query_rules_alert_v2", "dead-letters-photos")),
    ("nobody is told that a timer stands still", without("azurerm_monitor_scheduled_query_rules_alert_v2", "silent-legacy-reconcile")),
    ("nobody is told of an alarm", without("azurerm_monitor_scheduled_query_rules_alert_v2", "alarm-photos")),
    ("nobody is told that an objective is not kept", without_rules("slo-scoring-")),
    ("an alert asks for an operation that has another name", renamed_operation("accounts-authorise", "authorisation")),
    ("an event hub is missing", without("azurerm_eventhub", "account")),
    ("a consumer group is missing", without_first(lambda change: change["type"] == "azurerm_eventhub_consumer_group")),
    ("an app may not send to its hub", without_first(event_hub_role("sends"))),
    ("an app may not read a hub that calls it", without_first(event_hub_role("reads"))),
    ("an app may send to all hubs", role_at_the_namespace),
    ("a hub is read in no region", read_nowhere),
    ("a hub is captured, and nobody may write", captured_without_leave),
    ("nobody may read how far a consumer is", without_first(lambda change: ".azurerm_role_assignment.checkpoints[" in change["address"])),
    ("something belongs to nobody", nobodys),
    ("an app has another team's name", anothers),
    ("a field is not indexed", unindexed),
    ("a contract refers to another file", reference_to_nowhere),
]


def role_of_whoever_applies(plan):
    plan["configuration"]["root_module"]["module_calls"]["platform"]["module"]["resources"].append(
        {"address": "azurerm_role_assignment.deployer", "expressions": {"principal_id": {"references": ["data.azurerm_client_config.current.object_id"]}}}
    )


def bodies_unknown_without_names(plan):
    """As a provider may answer that knows nothing of a map with one unknown value."""
    for site in sites(plan["resource_changes"]):
        site["after"].pop("body")
        site["after_unknown"]["body"] = True
    for region in plan["planned_values"]["outputs"]["settings"]["value"].values():
        region["profiles"].remove("CONTINUATION_KEY")


# The same of what is not in the plan's resources.
WAYS_OF_PLANS = [
    ("a role is that of whoever applies", role_of_whoever_applies),
    ("a setting is missing that only the output tells", bodies_unknown_without_names),
]


def with_unknown_bodies(plan):
    """The plan of a provider that leaves a body unknown as a whole: nothing is wrong with it."""
    for change in plan["resource_changes"]:
        if change["type"] == "azapi_resource":
            change["change"]["after"].pop("body", None)
            change["change"]["after_unknown"]["body"] = True
        if change["type"] == "azurerm_function_app_flex_consumption":
            change["change"]["after_unknown"]["app_settings"] = True
