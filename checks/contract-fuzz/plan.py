"""Which runs Schemathesis makes, one a line: APP, the contract's file, the person's cookie or "-", and a regular expression
of paths. Waits until every app of functions/ is ready, and takes each contract from where the app serves it."""

import json
import os
import pathlib
import re
import sys
import time
import urllib.error
import urllib.request

import yaml

# The whole platform starts within seconds; a machine under load gets more.
DEADLINE_S = 60
# An operation that can answer one of these asks who is signed in.
FOR_PEOPLE = {"302", "401", "403"}


def main(root: pathlib.Path, gateway: str, cache: pathlib.Path) -> None:
    persons = json.loads(one(root.glob("local/**/persons.json"), "a file of the persons of this machine").read_text())
    only = os.environ.get("IOMMI_APPS", "").split()
    for app_json in sorted(root.glob("functions/*/app.json")):
        app = app_json.parent
        if only and app.name not in only:
            continue
        wait_until_ready(gateway + "/" + route(app, "health").replace("{probe}", "ready"))
        contract = cache / f"{app.name}.yaml"
        contract.write_bytes(get(gateway + "/" + route(app, "openapi")))
        print(app.name, contract, "-", ".", sep="\t")
        pages = paths_for_people(yaml.safe_load(contract.read_text()))
        for person in json.loads(app_json.read_text()).get("people", []) if pages else []:
            name = next((p["name"] for p in persons if person["role"] in p["roles"]), None)
            if name is None:
                sys.exit(f"{app_json}: nobody on this machine has the role {person['role']}; add somebody to persons.json")
            print(app.name, contract, f"AppServiceAuthSession={name}", pages, sep="\t")


def route(app: pathlib.Path, function: str) -> str:
    """The route of one of the functions that every app has."""
    found = one(app.glob(f"src/**/{function}/function.json"), f"a function {function} in functions/{app.name}/src")
    return next(b["route"] for b in json.loads(found.read_text())["bindings"] if b["type"] == "httpTrigger")


def one(found, what: str) -> pathlib.Path:
    found = sorted(found)
    if len(found) != 1:
        sys.exit(f"there must be {what}, and one only; found {[str(f) for f in found]}")
    return found[0]


def paths_for_people(contract: dict) -> str:
    """A regular expression of the paths that answer differently to somebody who is signed in."""
    paths = []
    for path, item in contract["paths"].items():
        operations = [operation for operation in item.values() if isinstance(operation, dict)]
        if any(FOR_PEOPLE & set(operation.get("responses", {})) for operation in operations):
            paths.append(re.escape(path))
    return f"^({'|'.join(paths)})$" if paths else ""


def wait_until_ready(url: str) -> None:
    deadline = time.monotonic() + DEADLINE_S
    while True:
        try:
            get(url)
            return
        except (urllib.error.URLError, TimeoutError) as error:
            if time.monotonic() > deadline:
                sys.exit(f"{url} does not answer: {error}")
            time.sleep(0.1)


def get(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=5) as answer:
        return answer.read()


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), sys.argv[2], pathlib.Path(sys.argv[3]))
