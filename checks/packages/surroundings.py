"""What an app has around it in Azure and a package does not bring: settings, containers, queues, event hubs."""
import json


def settings(root):
    return json.loads((root / "local.settings.sample.json").read_text())


def surroundings(root, functions):
    """An app.json of what Terraform makes for all apps together; events for these functions only."""
    apps = {path.parent.name: json.loads(path.read_text()) for path in sorted(root.glob("functions/*/app.json"))}
    azure_only = {"indexes", "dedicatedThroughput"}
    containers = [
        {"database": app, **{key: value for key, value in container.items() if key not in azure_only}}
        for app, said in apps.items() for container in said["owns"].get("containers", [])
    ]
    return {
        "owns": {
            "containers": containers,
            **{
                kind: [one for said in apps.values() for one in said["owns"].get(kind, [])]
                for kind in ("queues", "blobContainers", "eventHubs", "consumerGroups")
            },
        },
        "eventSubscriptions": [
            one for said in apps.values() for one in said.get("eventSubscriptions", []) if one["function"] in functions
        ],
    }


def surround(root, folder):
    """Puts it beside host.json, as a developer would."""
    functions = {path.parent.name for path in folder.glob("*/function.json")}
    (folder / "local.settings.json").write_text(json.dumps(settings(root)))
    (folder / "app.json").write_text(json.dumps(surroundings(root, functions)))
    return functions
