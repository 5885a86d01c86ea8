#!/usr/bin/env python3
"""Registers released schemas: register_schemas.py URL [--check] [--with-group], the token on standard input.

Every released version of every type that flows on a hub (release.json says which one), oldest first, into the group `events`
of the registry at URL. What is there already stays. A registry forgets nothing and holds 25 versions in the Standard tier, so
all is looked at before anything is registered: a version there that git does not have, or has otherwise, was registered by
hand (docs/runbooks/schema-by-mistake.md), and then nothing is. `--check` only looks, and exits 1 where the two differ.
`--with-group` makes the group first, for a laptop (`cargo run`, then http://127.0.0.1:5300); in Azure Terraform has made it.
"""
import json
import pathlib
import re
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

GROUP, API_VERSION = "events", "2023-07-01"
CONTENT_TYPE = "application/json; serialization=Json"
# Of the Standard tier, and of the names that the registry's interface takes.
MOST_VERSIONS, NAME = 25, re.compile(r"[A-Za-z0-9][^\\/$:]{0,49}")
TRIES, DEADLINE_S, FIRST_PAUSE_S = 5, 30, 1.0

root = pathlib.Path(__file__).resolve().parent.parent.parent


class Registry:
    """What the registry is asked. Whatever it refuses ends the run, but for what is not there."""

    def __init__(self, url, token):
        parts = urllib.parse.urlsplit(url)
        if parts.scheme != "https" and parts.hostname not in ("127.0.0.1", "localhost"):
            sys.exit(f"{url}: a token goes over https, or stays on this machine")
        self.url, self.token = url.rstrip("/"), token

    def ask(self, method, path, body=None, content_type="application/json"):
        request = urllib.request.Request(
            f"{self.url}/{path}?api-version={API_VERSION}", method=method, data=None if body is None else body.encode(),
            headers={"Authorization": f"Bearer {self.token}", "Content-Type": content_type},
        )
        for attempt in range(TRIES):
            try:
                with urllib.request.urlopen(request, timeout=DEADLINE_S) as answer:
                    return answer.headers, answer.read().decode()
            except urllib.error.HTTPError as refused:
                said = refused.read().decode(errors="replace")[:500]
                if refused.code == 404:
                    return None
                if refused.code not in (429, 500, 502, 503, 504) or attempt == TRIES - 1:
                    sys.exit(f"{method} {path}: {refused.code} {said}")
            except OSError as lost:
                # The answer is lost, not the work: the same content again is the same version.
                if attempt == TRIES - 1:
                    sys.exit(f"{method} {path}: {lost}")
            time.sleep(FIRST_PAUSE_S * 2**attempt)

    def versions(self, name):
        found = self.ask("GET", f"$schemaGroups/{GROUP}/schemas/{name}/versions")
        listed = json.loads(found[1]) if found else []
        return listed if isinstance(listed, list) else listed.get("value", listed.get("Value", []))

    def schema(self, name, version):
        found = self.ask("GET", f"$schemaGroups/{GROUP}/schemas/{name}/versions/{version}")
        return json.loads(found[1]) if found else None

    def register(self, name, text):
        found = self.ask("PUT", f"$schemaGroups/{GROUP}/schemas/{name}", text, CONTENT_TYPE)
        if found is None:
            sys.exit(f"there is no group {GROUP}: apply terraform/ first")
        return int(found[0]["Schema-Version"])

    def make_group(self):
        self.ask("PUT", f"$schemagroups/{GROUP}", json.dumps({"schemaType": "Json", "schemaCompatibility": "None"}))


def released():
    """(type, text of each version, oldest first) for each type that flows on a hub; ends where one cannot be registered."""
    found, problems = [], []
    for release in sorted(root.glob("functions/*/messages/released/*/release.json")):
        if "hub" not in json.loads(release.read_text()):
            continue
        where = release.parent.relative_to(root)
        files = sorted((path for path in release.parent.iterdir() if path.stem.isdigit()), key=lambda path: int(path.stem))
        if any(path.suffix != ".json" for path in files):
            problems.append(f"{where}: the group {GROUP} holds JSON Schema; Avro needs a group of its own, which the Standard tier does not have")
            continue
        texts = [path.read_text() for path in files]
        name = json.loads(texts[-1])["title"] if texts else ""
        if not NAME.fullmatch(name):
            problems.append(f"{where}: the registry takes no schema called {name!r}: up to 50 letters, digits and dots")
        found.append((name, texts))
    versions = sum(len(texts) for _, texts in found)
    if versions > MOST_VERSIONS:
        problems.append(f"{versions} versions are released, and the registry holds {MOST_VERSIONS}: docs/runbooks/schema-by-mistake.md")
    if problems:
        sys.exit("\n".join(problems))
    return found


def look(registry, types):
    """(name, text, version) of what is missing; ends where the registry has what git does not."""
    missing, strange = [], []
    for name, texts in types:
        there = registry.versions(name)
        strange += [f"{name}, version {version}: in the registry, and never released" for version in there if version > len(texts)]
        for version, text in enumerate(texts, 1):
            if version not in there:
                missing.append((name, text, version))
            elif registry.schema(name, version) != json.loads(text):
                strange.append(f"{name}, version {version}: not what was released")
    if strange:
        sys.exit("\n".join([*strange, "nothing was registered: docs/runbooks/schema-by-mistake.md"]))
    return missing


def main():
    url, *options = sys.argv[1:] or sys.exit(__doc__)
    if unknown := set(options) - {"--check", "--with-group"}:
        sys.exit(f"register_schemas.py knows no {', '.join(sorted(unknown))}")
    registry = Registry(url, sys.stdin.readline().strip() or "none")
    types = released()
    if "--with-group" in options:
        registry.make_group()
    missing = look(registry, types)
    if "--check" in options:
        for name, _, version in missing:
            print(f"{name}, version {version}: not registered")
        sys.exit(1 if missing else 0)
    for name, text, version in missing:
        given = registry.register(name, text)
        if given != version:
            sys.exit(f"{name}: released as version {version}, registered as {given}; somebody registers besides: docs/runbooks/schema-by-mistake.md")
        print(f"{name}, version {version}: registered")
    print(f"{len(missing)} of {sum(len(texts) for _, texts in types)} versions of {len(types)} types were registered")


if __name__ == "__main__":
    main()
