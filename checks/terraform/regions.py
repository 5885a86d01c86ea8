"""Plans production with one region more and says what that adds: `regions.py ENVIRONMENTS_FOLDER PLAN.json`."""
import json
import pathlib
import re
import subprocess
import sys

folder, before = pathlib.Path(sys.argv[1]), json.loads(pathlib.Path(sys.argv[2]).read_text())
new = "australiaeast"

regions = before["variables"]["regions"]["value"] + [new]
subprocess.run(
    ["terraform", f"-chdir={folder}", "plan", "-input=false", "-no-color", "-var-file=production.tfvars", f"-var=regions={json.dumps(regions)}", "-out=more.tfplan"],
    check=True, stdout=subprocess.DEVNULL,
)
shown = subprocess.run(["terraform", f"-chdir={folder}", "show", "-json", "more.tfplan"], check=True, capture_output=True)
after = json.loads(shown.stdout)


def addresses(plan):
    return {resource["address"] for resource in plan["resource_changes"]}


def of_the_region(address):
    return f'"{new}"' in address or re.search(rf'\["[\w/-]*{new}"\]', address)


gone = addresses(before) - addresses(after)
added = addresses(after) - addresses(before)
elsewhere = sorted(address for address in added if not of_the_region(address))
assert not gone, f"a new region removes {sorted(gone)}"
assert not elsewhere, f"a new region adds things outside of it: {elsewhere}"
print(f"{new} adds {len(added)} resources, removes none, and nothing outside of it is new")
