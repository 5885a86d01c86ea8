"""The official SDKs for Python for the schema registry: `python check_schemas.py AMQP HTTP_URL BLOB_URL`.

They send a token only over TLS, and there is none here: what passes between them and the network, their transport, is told to
leave it out. Nothing else is changed. Prints one line per check and "N passed, N failed"; exits with 1 when one failed.
"""

import json
import sys
import time
import urllib.request

from azure.core.credentials import AccessToken
from azure.core.exceptions import HttpResponseError, ResourceNotFoundError
from azure.core.pipeline.transport import RequestsTransport
from azure.eventhub import EventData
from azure.schemaregistry import SchemaRegistryClient
from azure.schemaregistry.encoder.avroencoder import AvroEncoder

from harness import HTTP_URL, check, hub, producer, received, run

NAME = "com.iommi.huts.Visited"


class Anybody:
    def get_token(self, *scopes, **_):
        assert scopes == ("https://eventhubs.azure.net/.default",), scopes
        return AccessToken("anybody", int(time.time()) + 3_600)


class WithoutTls(RequestsTransport):
    def send(self, request, **options):
        request.url = request.url.replace("https://", "http://", 1)
        return super().send(request, **options)


def client():
    address = HTTP_URL.removeprefix("http://").rstrip("/")
    return SchemaRegistryClient(address, Anybody(), transport=WithoutTls(), retry_total=0)


def group(name, compatibility, kind="Avro"):
    """Makes a group of schemas, as Terraform or the portal does elsewhere."""
    wanted = {"schemaType": kind, "schemaCompatibility": compatibility, "groupProperties": {"team": "customer"}}
    url = f"{HTTP_URL}$schemaGroups/{name}?api-version=2023-07-01"
    headers = {"authorization": "Bearer anybody", "content-type": "application/json"}
    request = urllib.request.Request(url, json.dumps(wanted).encode(), headers, method="PUT")
    with urllib.request.urlopen(request) as answer:
        assert answer.status == 201


def field(name, kind="string", **more):
    return {"name": name, "type": kind, **more}


def optional(name):
    return field(name, ["null", "string"], default=None)


def visit(*fields):
    """A visit to a mountain hut: a schema of our own."""
    record = {"type": "record", "name": "Visited", "namespace": "com.iommi.huts"}
    return json.dumps({**record, "fields": [field("visitId"), *fields]})


@check
def a_schema_is_registered_and_found_by_content_and_by_id():
    group("py-found", "Backward")
    registry = client()
    first = registry.register_schema("py-found", NAME, visit(), "Avro")
    assert (first.version, first.group_name, first.name) == (1, "py-found", NAME), first
    assert registry.register_schema("py-found", NAME, visit(), "Avro").id == first.id
    assert registry.get_schema_properties("py-found", NAME, visit(), "Avro").id == first.id
    assert registry.get_schema(first.id).definition == visit()
    second = registry.register_schema("py-found", NAME, visit(optional("weather")), "Avro")
    assert second.version == 2
    by_version = registry.get_schema(group_name="py-found", name=NAME, version=2)
    assert by_version.properties.id == second.id
    try:
        registry.get_schema("0" * 32)
    except ResourceNotFoundError:
        return
    raise AssertionError("it was found")


@check
def each_mode_takes_of_five_versions_what_it_is_there_for():
    versions = [
        visit(field("arrivedAt"), field("hutId")),
        visit(field("arrivedAt"), field("hutId"), optional("weather")),
        visit(field("arrivedAt"), field("hutId"), optional("weather"), field("party")),
        visit(field("arrivedAt"), optional("weather")),
        visit(field("reachedAt"), optional("weather")),
    ]
    for mode, expected, path in [
        ("Backward", [True, True, False, True, False], "$.party"),
        ("Forward", [True, True, True, False, False], "$.hutId"),
    ]:
        group(f"py-{mode}", mode)
        taken, refusals = [], []
        for definition in versions:
            try:
                client().register_schema(f"py-{mode}", NAME, definition, "Avro")
                taken.append(True)
            except HttpResponseError as refusal:
                assert refusal.status_code == 400, refusal
                refusals.append(str(refusal))
                taken.append(False)
        assert taken == expected, (mode, taken, refusals)
        for part in ["field-missing", path, mode.lower()]:
            assert part in refusals[0], (part, refusals[0])


@check
def an_encoder_s_event_goes_over_a_hub_and_is_read_with_the_schema_of_its_id():
    group("py-encoded", "Backward")
    told = {"visitId": "v1", "weather": None}
    schema = visit(optional("weather"))
    encoder = AvroEncoder(client=client(), group_name="py-encoded", auto_register=True)
    event = encoder.encode(told, schema=schema, message_type=EventData)
    assert event.content_type.startswith("avro/binary+"), event.content_type
    name = hub(1)
    with producer(name) as sender:
        sender.send_event(event)
    ((_, arrived),) = received(name, 1)
    # Without what the first one keeps in memory: the schema comes by its id.
    assert AvroEncoder(client=client()).decode(arrived) == told
    # And one that does not register finds the schema by its content.
    finding = AvroEncoder(client=client(), group_name="py-encoded", auto_register=False)
    assert finding.encode(told, schema=schema)["content_type"] == event.content_type


@check
def schemas_of_other_kinds_come_back_as_they_were():
    for kind, definition in [("Json", '{"title": "Visited"}'), ("Custom", "a hut = stones")]:
        group(f"py-{kind}", "None", kind)
        one = client().register_schema(f"py-{kind}", "Visited", definition, kind)
        assert client().get_schema(one.id).definition == definition


if __name__ == "__main__":
    sys.exit(run())
