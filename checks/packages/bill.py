"""Whether a bill of materials and a list of licences are complete."""
import hashlib


def problems_of_bill(bill, licences, zip_path):
    problems = []
    sha256 = hashlib.sha256(zip_path.read_bytes()).hexdigest()
    named = bill["metadata"]["component"]["hashes"][0]["content"]
    if named != sha256:
        problems.append(f"the bill is of {named}, the zip is {sha256}")
    if "timestamp" in bill["metadata"] or "serialNumber" in bill:
        problems.append("the bill has a time or a serial number: it differs with each build")
    for component in bill["components"]:
        name, version = component["name"], component["version"]
        if not component.get("licenses"):
            problems.append(f"{name} {version} has no licence")
        if "purl" in component:
            if not component.get("hashes"):
                problems.append(f"{name} {version} has no checksum")
            if f"| {name} | {version} |" not in licences:
                problems.append(f"{name} {version} is not in the list of licences")
    known = {bill["metadata"]["component"]["bom-ref"], *(component["bom-ref"] for component in bill["components"])}
    for edge in bill["dependencies"]:
        problems += [f"{edge['ref']} uses {other}, which is not in the bill" for other in edge["dependsOn"] if other not in known]
    return problems
