"""What an app has around it in Azure and a package does not bring: settings, containers, queues."""
import json


def settings(root):
    return json.loads((root / "local.settings.sample.json").read_text())


def resources(root, functions):
    """What Terraform makes for all apps together; events for these functions only."""
    all_of_them = [json.loads(path.read_text()) for path in sorted(root.glob("functions/*/resources.json"))]
    containers = [one for each in all_of_them for one in each.get("cosmosDb", {}).get("containers", [])]
    return {
        "cosmosDb": {"database": "iommi", "containers": containers},
        "queues": sorted({one for each in all_of_them for one in each.get("queues", [])}),
        "blobContainers": sorted({one for each in all_of_them for one in each.get("blobContainers", [])}),
        "eventGridSubscriptions": [
            one for each in all_of_them for one in each.get("eventGridSubscriptions", []) if one["function"] in functions
        ],
    }


def surround(root, folder):
    """Puts it beside host.json, as a developer would."""
    functions = {path.parent.name for path in folder.glob("*/function.json")}
    (folder / "local.settings.json").write_text(json.dumps(settings(root)))
    (folder / "resources.json").write_text(json.dumps(resources(root, functions)))
    return functions
