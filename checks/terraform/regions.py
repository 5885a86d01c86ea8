"""What changing `regions` may do, and may not: `regions.py ENVIRONMENTS_FOLDER PLANS_FOLDER`, which has <environment>.json.

Production with a region more, with another region that writes, and following the sun; staging and dev with a region more. From
nothing a plan cannot say what would be replaced, so what may never change of a resource is compared: where it lies and its name.
"""
import json
import pathlib
import re
import subprocess
import sys

folder, plans = map(pathlib.Path, sys.argv[1:])
NEW = "australiaeast"
# Another value is another resource, and what the old one held is gone.
FIXED = ("location", "name", "resource_group_name", "parent_id")


def planned(environment, **variables):
    # A text is given as it is, all else as JSON.
    values = [f"-var={name}={value if isinstance(value, str) else json.dumps(value)}" for name, value in variables.items()]
    command = ["terraform", f"-chdir={folder}"]
    subprocess.run(
        [*command, "plan", "-input=false", "-no-color", f"-var-file={environment}.tfvars", *values, "-out=other.tfplan"],
        check=True, stdout=subprocess.DEVNULL,
    )
    return resources(json.loads(subprocess.run([*command, "show", "-json", "other.tfplan"], check=True, capture_output=True).stdout))


def resources(plan):
    return {resource["address"]: resource["change"]["after"] or {} for resource in plan["resource_changes"]}


def of_the_region(address):
    return f'"{NEW}"' in address or re.search(rf'\["[\w/-]*{NEW}"\]', address)


def moved(before, after):
    return sorted(
        f"{address}: {name} {before[address][name]} -> {after[address].get(name)}"
        for address in before.keys() & after.keys() for name in FIXED
        if name in before[address] and before[address][name] != after[address].get(name)
    )


def compare(what, before, after, added_too):
    gone = sorted(before.keys() - after.keys())
    added = after.keys() - before.keys()
    elsewhere = sorted(address for address in added if not of_the_region(address))
    assert not gone, f"{what} removes {gone}"
    assert not moved(before, after), f"{what} would make anew {moved(before, after)}"
    assert not elsewhere, f"{what} adds things outside of it: {elsewhere}"
    assert bool(added) == added_too, f"{what} adds {sorted(added)}"
    print(f"{what}: adds {len(added)} resources, removes none, moves none")


def follow_the_sun(before, regions):
    """Queues get a region in their names, clients are sent to the region that is at work, and nothing else moves."""
    after = planned("production", sun=f"22-10 {regions[2]}, 10-22 {regions[0]}")
    changed = sorted(before.keys() ^ after.keys())
    others = [address for address in changed if not re.search(r"sales-[a-z]+-(everywhere|\w+)(-poison)?\"\]$", address)]
    assert changed and not others, f"following the sun changes {others}"
    assert not moved(before, after), f"following the sun would make anew {moved(before, after)}"
    origins = [(address, resource["priority"]) for address, resource in after.items() if "azurerm_cdn_frontdoor_origin.this" in address]
    of_clients = {address.split("/")[-1].strip('"]'): priority for address, priority in origins if '"api/' in address}
    first = min(of_clients, key=of_clients.get)
    assert sorted(of_clients) == sorted(regions) and len(set(of_clients.values())) == len(regions), of_clients
    assert first in (regions[0], regions[2]), f"{first} has no hour and comes first"
    assert {priority for address, priority in origins if '"api/' not in address} == {1}, "our people go to the nearest region"
    print(f"production following the sun: {len(changed)} queues and roles have other names, clients go to {first} first")


def main():
    throughput = {"shared": 1000, "dedicated": 1000}
    for environment, more in (("production", {}), ("staging", {}), ("dev", {"throughput": throughput})):
        plan = json.loads((plans / f"{environment}.json").read_text())
        before, regions = resources(plan), plan["variables"]["regions"]["value"]
        compare(f"{environment} with {NEW}", before, planned(environment, regions=[*regions, NEW], **more), True)
        if environment == "production":
            turned = planned(environment, regions=[regions[1], regions[0], *regions[2:]])
            compare(f"{environment} written in {regions[1]}", before, turned, False)
            follow_the_sun(before, regions)


if __name__ == "__main__":
    main()
