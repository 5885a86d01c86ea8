#!/usr/bin/env python3
"""The pipelines against Azure's published schema, and against what they name.

Usage: schema.py ROOT INPUTS.json

The schema is the one of Microsoft's editor extension, as PyPI's check-jsonschema ships it, with its unfolding of `${{ }}`
expressions. Azure Pipelines takes every scalar as text, and so does most of the schema: YAML is read that way, and where
the inputs of a task want a boolean or a number, its text will do. INPUTS.json has for each app what `cargo xtask inputs`
lists.
"""
import json
import os
import pathlib
import re
import sys

import jsonschema
import yaml
from check_jsonschema.builtin_schemas import get_builtin_schema
from check_jsonschema.transforms.azure_pipelines import azure_main

# Parameters of a template that its users may give.
EXPRESSION = re.compile(r"\$\{\{\s*parameters\.(\w+)")
STEP = re.compile(r"pipelines/steps/[\w.-]+")
SECRET = re.compile(r"password|secret|clientsecret|accountkey|sastoken|connectionstring", re.IGNORECASE)


AS_TEXT = {"boolean": "^(true|false)$", "integer": "^-?[0-9]+$", "number": r"^-?[0-9]+(\.[0-9]+)?$"}


class Findings:
    def __init__(self):
        self.passed, self.failed = 0, 0

    def check(self, what, problems):
        if problems:
            self.failed += 1
            print(f"FAILED: {what}", *problems, sep="\n   ")
        else:
            self.passed += 1
            print(f"ok: {what}")


def walk(value):
    yield value
    for child in value.values() if isinstance(value, dict) else value if isinstance(value, list) else []:
        yield from walk(child)


def for_text(schema):
    """The schema, with texts where it has booleans and numbers."""
    if isinstance(schema, list):
        return [for_text(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    kind = schema.get("type")
    if isinstance(kind, str) and kind in AS_TEXT:
        return {"type": "string", "pattern": AS_TEXT[kind]}
    return {name: for_text(each) for name, each in schema.items()}


def deepest(error):
    """The finding that lies deepest: of all alternatives the one that fits furthest."""
    found = [error]
    for each in found:
        found.extend(each.context or [])
    return max(found, key=lambda each: len(each.absolute_path))


def against_schema(schema, document):
    errors = jsonschema.Draft7Validator(schema).iter_errors(azure_main(document))
    return [f"{worst.json_path}: {worst.message[:300]}" for worst in map(deepest, errors)]


def names_that_lead_nowhere(root, path, document):
    problems = []
    for node in walk(document):
        if not isinstance(node, dict):
            continue
        template = node.get("template")
        if isinstance(template, str):
            target = root / template[1:] if template.startswith("/") else path.parent / template
            if not target.is_file():
                problems.append(f"no template {template}")
            else:
                problems.extend(wrong_parameters(target, node.get("parameters", {})))
        for text in (value for value in node.values() if isinstance(value, str)):
            for step in STEP.findall(text):
                if not os.access(root / step, os.X_OK):
                    problems.append(f"{step} is not there or not executable")
    return problems


def wrong_parameters(template, given):
    declared = yaml.load(template.read_text(), yaml.BaseLoader).get("parameters", [])
    known = {each["name"] for each in declared}
    needed = {each["name"] for each in declared if "default" not in each}
    problems = [f"{template.name} has no parameter {name}" for name in sorted(set(given) - known)]
    problems += [f"{template.name} needs the parameter {name}" for name in sorted(needed - set(given))]
    for each in declared:
        value = given.get(each["name"])
        if "values" in each and value is not None and "${{" not in value and value not in each["values"]:
            problems.append(f"{template.name}: {each['name']} is {value}, not one of {', '.join(each['values'])}")
    return problems


def parameters_not_declared(document, text):
    known = {each["name"] for each in document.get("parameters", [])}
    return [f"parameters.{name} is not declared" for name in sorted(set(EXPRESSION.findall(text)) - known)]


def jobs_without_deadline_or_pool(document):
    jobs = [node for node in walk(document) if isinstance(node, dict) and ("job" in node or "deployment" in node)]
    return [
        f"{job.get('job') or job.get('deployment')}: no {name}"
        for job in jobs for name in ("timeoutInMinutes", "pool") if name not in job
    ]


CHANGES, DEPLOYMENTS = "iommi-changes", "iommi-deployments"


def agents(name, document):
    """What nobody has reviewed runs on agents of its own, with a connection that only reads; what is merged runs on others."""
    for job in walk(document):
        if not isinstance(job, dict) or "pool" not in job or not isinstance(job["pool"], dict):
            continue
        wanted = CHANGES if name == "pipelines/pull-request.yml" else DEPLOYMENTS
        if job["pool"].get("name") != wanted:
            yield f"{job.get('job') or job.get('deployment')} runs on {job['pool'].get('name')}, not on {wanted}"
    for step in walk(document):
        connection = step.get("azureSubscription") if isinstance(step, dict) else None
        if connection is None:
            continue
        if (name == "pipelines/pull-request.yml") != (connection == "iommi-plan"):
            yield f"the connection {connection}: a change that is not reviewed has iommi-plan, and nothing else has it"
        apps = name in ("pipelines/templates/app.yml", "pipelines/templates/deploy.yml")
        if apps != connection.startswith("iommi-deploy-"):
            yield f"the connection {connection}: packages are brought with iommi-deploy-…, which may nothing else"


def tokens(document):
    """Terraform lives longer than a token: its steps can have new ones, and no others get the run's."""
    for step in walk(document):
        if isinstance(step, dict) and "task" in step:
            inputs = step.get("inputs", {})
            terraform = re.search(r"steps/(plan|apply|drift|sun)\.sh$", inputs.get("scriptPath", ""))
            given = "SYSTEM_ACCESSTOKEN" in step.get("env", {}) and inputs.get("addSpnToEnvironment") == "true"
            if bool(terraform) != given:
                yield f"{step.get('displayName')}: {'needs' if terraform else 'has'} addSpnToEnvironment and SYSTEM_ACCESSTOKEN"


def kept_between_runs(document):
    return [f"{step['task']} keeps what one run leaves for another" for step in walk(document) if isinstance(step, dict) and str(step.get("task", "")).startswith("Cache@")]


def set_up(root, documents):
    """What the pipelines use, the list from nothing to the first package names."""
    told = (root / "docs/deploying.md").read_text() + (root / "pipelines/README.md").read_text()
    used = {str(node.get(name)) for document in documents.values() for node in walk(document) if isinstance(node, dict) for name in ("azureSubscription", "environment", "group") if isinstance(node.get(name), str)}
    used |= {node["pool"]["name"] for document in documents.values() for node in walk(document) if isinstance(node, dict) and isinstance(node.get("pool"), dict)}
    names = {re.sub(r"\$\{\{ parameters\.environment \}\}", "<environment>", name) for name in used}
    return [f"{name} is nowhere said to be set up" for name in sorted(names) if name.startswith("iommi") and not {f"`{name}`", f"`{re.sub('-(dev|staging|production)$', '-<environment>', name)}`"} & set(re.findall("`.+?`", told))]


def limits(root):
    """The load test comes from one address, and what the firewall refuses fails it."""
    text = (root / "terraform/modules/front_door/variables.tf").read_text()
    limit = int(re.search(r'"requests_per_minute_and_address".*?default\s*=\s*(\d+)', text, re.DOTALL)[1])
    rate = int(re.search(r'"--rate".*?default=(\d+)', (root / "pipelines/steps/load_test.py").read_text())[1])
    return [] if rate * 60 < limit else [f"{rate} requests a second are more than the {limit} a minute that the firewall allows an address"]


def providers(root):
    text = (root / "terraform/environments/versions.tf").read_text()
    return [f"version {version} floats: dev and production would apply with different providers" for version in re.findall(r'^\s+version\s*=\s*"(.*?)"', text, re.MULTILINE) if not re.fullmatch(r"\d+\.\d+\.\d+", version)]


def regions(root, environment):
    text = (root / f"terraform/environments/{environment}.tfvars").read_text()
    return re.findall(r'"([a-z0-9]+)"', re.search(r"^regions\s*=\s*\[(.*?)\]", text, re.MULTILINE)[1])


def main():
    root = pathlib.Path(sys.argv[1])
    inputs = json.loads(pathlib.Path(sys.argv[2]).read_text())
    schema = for_text(get_builtin_schema("vendor.azure-pipelines"))
    findings = Findings()
    folder = root / "pipelines"
    documents = {}
    for path in [*sorted(folder.glob("**/*.yml")), *sorted(root.glob("functions/*/pipeline.yml"))]:
        name, text = path.relative_to(root), path.read_text()
        documents[str(name)] = document = yaml.load(text, yaml.BaseLoader)
        findings.check(f"{name} keeps to the published schema", against_schema(schema, document))
        findings.check(f"{name}: every template, parameter and step it names is there", names_that_lead_nowhere(root, path, document))
        findings.check(f"{name}: its own parameters are declared", parameters_not_declared(document, text))
        findings.check(f"{name}: every job has a deadline and a pool", jobs_without_deadline_or_pool(document))
        findings.check(f"{name}: unreviewed code meets no agent and no connection of deployments", list(agents(str(name), document)))
        findings.check(f"{name}: Terraform's steps can have new tokens", list(tokens(document)))
        findings.check(f"{name}: nothing is kept from one run for another", kept_between_runs(document))
        findings.check(f"{name}: no stored secret", [line for line in text.splitlines() if SECRET.search(line) and not line.strip().startswith("#")])

    for app, needed in inputs.items():
        document = documents.get(f"functions/{app}/pipeline.yml", {})
        paths = document.get("trigger", {}).get("paths", {}).get("include", [])
        covers = {path: [one for one in needed if one == path or one.startswith(f"{path}/")] for path in paths}
        problems = [f"nothing starts it when {one} changes" for one in needed if not any(one in covered for covered in covers.values())]
        problems += [f"{path} is nothing that {app} is made from" for path, covered in covers.items() if not covered]
        findings.check(f"functions/{app}/pipeline.yml starts when what {app} is made from changes", problems)
        extended = document.get("extends", {}).get("parameters", {}).get("app")
        findings.check(f"functions/{app}/pipeline.yml releases {app}", [] if extended == app else [f"it releases {extended}"])

    defaults = {each["name"]: each.get("default") for each in documents["pipelines/templates/app.yml"]["parameters"]}
    for environment, name in (("staging", "stagingRegions"), ("production", "productionRegions")):
        expected = regions(root, environment)
        problems = [] if sorted(defaults[name]) == sorted(expected) else [f"{defaults[name]}, but terraform/environments has {expected}"]
        if defaults[name][-1] != expected[0]:
            problems.append(f"{expected[0]} writes: it comes last, not {defaults[name][-1]}")
        findings.check(f"packages go to every region of {environment}, to the one that writes last", problems)

    findings.check("each pool, connection and environment that is used is set up by the documents", set_up(root, documents))
    findings.check("the firewall lets the load test through", limits(root))
    findings.check("every environment applies with the same providers", providers(root))

    used = set(STEP.findall("".join(path.read_text() for path in folder.glob("**/*.yml"))))
    lines = "".join(path.read_text() for path in folder.glob("steps/*"))
    unused = [path.name for path in sorted(folder.glob("steps/*.*")) if f"pipelines/steps/{path.name}" not in used and f"/{path.name}" not in lines]
    findings.check("every step is used", unused)
    print(f"{findings.passed} passed, {findings.failed} failed")
    sys.exit(1 if findings.failed else 0)


if __name__ == "__main__":
    main()
