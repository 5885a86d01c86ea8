"""Policies of API Management: raw XML in which C# stands as it is."""
import re
from xml.etree import ElementTree


def well_formed(apps, plan):
    """Policies are raw XML in which C# stands as it is: well formed without any entity."""
    for resource in plan.resources:
        text = resource["after"].get("xml_content")
        if not text:
            continue
        if re.search(r"&\w+;", text):
            yield f"{resource['address']} has an entity, which would reach the C# compiler"
        try:
            ElementTree.fromstring(text)
        except ElementTree.ParseError as error:
            yield f"{resource['address']} is not well formed: {error}"


def templates(apps, plan, repository):
    """The same of what a plan does not know yet, because an identity stands in it: the templates, with every branch."""
    for path in sorted((repository / "terraform/modules").glob("**/*.xml.tftpl")):
        text = re.sub(r"\$\{.*?\}", "x", re.sub(r"%\{.*?\}", "", path.read_text()))
        try:
            policy = ElementTree.fromstring(text)
        except ElementTree.ParseError as error:
            yield f"{path.name} is not well formed: {error}"
            continue
        if re.search(r"&\w+;", text):
            yield f"{path.name} has an entity, which would reach the C# compiler"
        for token in policy.iter("authentication-managed-identity"):
            if not token.get("client-id"):
                yield f"{path.name}: authentication-managed-identity without client-id means an identity that the gateway does not have"
