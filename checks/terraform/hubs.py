"""Event hubs in a plan: what apps need of them, and that nobody has more."""

# What only capture, the registry and the apps' own roles are for.
NOT_FOR_APPS = {"Azure Event Hubs Data Owner"}


def made_and_read(apps, plan):
    made = plan.names("azurerm_eventhub")
    groups = {tuple(str(group["index"]).split("/")) for group in plan.all("azurerm_eventhub_consumer_group")}
    regions = len({where.rpartition(" in ")[2] for _, where, _ in plan.function_apps()})
    for app in apps.values():
        for hub in sorted(set(app.hubs) - made):
            yield f"{app.name} uses the event hub {hub}, which Terraform does not make: name it under `owns.eventHubs` of the app that sends to it"
        for function, (hub, group) in sorted(app.from_hubs.items()):
            if (hub, group) not in groups:
                yield f"{function} of {app.name} reads {hub} as {group}, which Terraform does not make: name it under `owns.consumerGroups` in functions/{app.name}/app.json"
            idle = sum(f"AzureWebJobs.{function}.Disabled" in given for name, _, given in plan.function_apps() if name == app.name)
            if regions - idle != 1:
                yield f"{function} of {app.name} reads {hub} in {regions - idle} regions: who reads what stands in the host storage of one"
    for resource in plan.all("azurerm_role_assignment"):
        role = str(resource["after"].get("role_definition_name"))
        if role in NOT_FOR_APPS or (role.startswith("Azure Event Hubs Data") and "module.access.azurerm_role_assignment.hub[" not in resource["address"]):
            yield f"{resource['address']} gives {role} elsewhere than at one hub: modules/access"


def measured(apps, plan):
    """How far each consumer is can be read by whoever says so, and nothing else of its host's storage."""
    readers = {name for name, app in apps.items() if "CHECKPOINTS" in app.settings}
    wanted = {f"{reader}/{app.name}" for reader in readers for app in apps.values() if app.from_hubs}
    given = [role for role in plan.all("azurerm_role_assignment") if ".azurerm_role_assignment.checkpoints[" in role["address"]]
    for missing in sorted(wanted - {str(role["index"]) for role in given}):
        yield f"{missing}: the first may not read the checkpoints of the second"
    for role in given:
        if str(role["index"]) not in wanted or role["after"].get("role_definition_name") != "Storage Blob Data Reader":
            yield f"{role['address']} gives more than whoever says how far consumers are needs"


def captured(apps, plan):
    written = {str(role["index"]) for role in plan.all("azurerm_role_assignment") if "event_hubs[0].azurerm_role_assignment.capture[" in role["address"]}
    hubs = [hub["after"]["name"] for hub in plan.all("azurerm_eventhub") if hub["after"].get("capture_description")]
    if hubs and not written:
        yield f"{', '.join(sorted(hubs))}: captured, and the namespace may write nowhere"
    for container in sorted(written - plan.names("azurerm_storage_container")):
        yield f"events are captured into {container}, which Terraform does not make"
