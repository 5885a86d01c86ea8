"""The official blob SDK for Python, unchanged."""

import base64
import os
from datetime import datetime, timedelta, timezone
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from azure.core import MatchConditions
from azure.storage.blob import (
    AccountSasPermissions,
    BlobBlock,
    BlobClient,
    BlobSasPermissions,
    BlobServiceClient,
    ContainerSasPermissions,
    ContentSettings,
    ContainerClient,
    ResourceTypes,
    generate_account_sas,
    generate_blob_sas,
    generate_container_sas,
)
from harness import ACCOUNT, BLOB_URL, CONNECTION, KEY, check, fresh, refused, run

MIB = 1024 * 1024
service = BlobServiceClient.from_connection_string(CONNECTION)
# Small parts, so that ordinary sizes go up and come down in several.
in_parts = BlobServiceClient.from_connection_string(
    CONNECTION, max_single_put_size=MIB, max_block_size=MIB, max_single_get_size=MIB, max_chunk_get_size=MIB
)


def container():
    return service.create_container(fresh("container"))


def blob(content=b"hello world", name="a.txt", **options):
    client = container().get_blob_client(name)
    client.upload_blob(content, **options)
    return client


def an_hour_from_now():
    return datetime.now(timezone.utc) + timedelta(hours=1)


@check
def a_container_is_created_described_listed_and_deleted():
    client = service.create_container(fresh("container"), metadata={"owner": "checks"})
    refused(409, "ContainerAlreadyExists", client.create_container)
    client.set_container_metadata({"owner": "others"})
    properties = client.get_container_properties()
    assert properties.metadata == {"owner": "others"}
    assert properties.lease.state == "available"
    listed = list(service.list_containers(name_starts_with=client.container_name, include_metadata=True))
    assert [(found.name, found.metadata) for found in listed] == [(client.container_name, {"owner": "others"})]
    client.delete_container()
    assert not client.exists()
    refused(404, "ContainerNotFound", client.get_container_properties)


@check
def a_blob_is_put_described_read_and_deleted():
    settings = ContentSettings(content_type="image/jpeg", cache_control="max-age=60", content_disposition="inline")
    client = blob(
        b"hello world", "dir/photo 1 ü🌉 + %.jpg", content_settings=settings, metadata={"owner": "checks", "a_b": "2"}
    )
    properties = client.get_blob_properties()
    assert properties.size == 11
    assert properties.content_settings.content_type == "image/jpeg"
    assert properties.content_settings.cache_control == "max-age=60"
    assert properties.content_settings.content_disposition == "inline"
    assert properties.metadata == {"owner": "checks", "a_b": "2"}
    assert properties.blob_type == "BlockBlob"
    assert client.download_blob().readall() == b"hello world"
    refused(409, "BlobAlreadyExists", client.upload_blob, b"again")
    client.upload_blob(b"again", overwrite=True)
    assert client.download_blob(offset=1, length=3).readall() == b"gai"
    client.delete_blob()
    assert not client.exists()
    refused(404, "BlobNotFound", client.download_blob)
    refused(404, "BlobNotFound", client.delete_blob)


@check
def an_empty_blob_is_a_blob():
    client = blob(b"")
    assert client.download_blob().readall() == b""


@check
def a_large_blob_goes_up_in_blocks_and_comes_down_in_parts():
    content = os.urandom(10 * MIB + 123)
    name = container().container_name
    client = in_parts.get_blob_client(name, "large.bin")
    client.upload_blob(content, max_concurrency=4, validate_content=True)
    committed, uncommitted = client.get_block_list("all")
    assert [block.size for block in committed] == [MIB] * 10 + [123] and uncommitted == []
    assert client.download_blob(max_concurrency=4, validate_content=True).readall() == content
    assert b"".join(client.download_blob().chunks()) == content


@check
def blocks_are_committed_as_listed():
    client = container().get_blob_client("blocks.txt")
    ids = [base64.b64encode(f"{n:04}".encode()).decode() for n in range(4)]
    for n in (2, 0, 1):
        client.stage_block(ids[n], str(n).encode())
    client.commit_block_list([BlobBlock(ids[n]) for n in (0, 1, 2)], metadata={"k": "v"})
    assert client.download_blob().readall() == b"012"
    refused(400, "InvalidBlockList", client.commit_block_list, [BlobBlock(ids[3])])


@check
def writes_hold_their_conditions():
    client = blob(b"one")
    etag = client.get_blob_properties().etag
    written = client.upload_blob(b"two", overwrite=True, etag=etag, match_condition=MatchConditions.IfNotModified)
    assert written["etag"] != etag
    stale = {"etag": etag, "match_condition": MatchConditions.IfNotModified}
    refused(412, "ConditionNotMet", client.upload_blob, b"three", overwrite=True, **stale)
    refused(412, "ConditionNotMet", client.set_blob_metadata, {"a": "b"}, **stale)
    refused(412, "ConditionNotMet", client.delete_blob, **stale)
    fresh_etag = {"etag": written["etag"], "match_condition": MatchConditions.IfModified}
    refused(304, None, client.get_blob_properties, **fresh_etag)


@check
def metadata_headers_and_tags_are_replaced():
    client = blob(b"x", metadata={"one": "1"}, tags={"state": "new"})
    client.set_blob_metadata({"DocType": "2"})
    client.set_http_headers(ContentSettings(content_type="text/html"))
    client.set_blob_tags({"state": "done", "size": "20"})
    properties = client.get_blob_properties()
    assert properties.metadata == {"DocType": "2"}
    assert properties.content_settings.content_type == "text/html"
    assert properties.tag_count == 2
    assert client.get_blob_tags() == {"state": "done", "size": "20"}
    refused(412, "ConditionNotMet", client.delete_blob, if_tags_match_condition="\"state\"='new'")


@check
def a_copy_has_the_content_and_metadata_of_its_source():
    source = blob(b"copied", "a b.txt", metadata={"k": "v"})
    target = container().get_blob_client("copy.txt")
    assert target.start_copy_from_url(source.url)["copy_status"] == "success"
    properties = target.get_blob_properties()
    assert (properties.copy.status, properties.metadata) == ("success", {"k": "v"})
    assert target.download_blob().readall() == b"copied"


@check
def blobs_are_listed_flat_in_pages_and_as_folders():
    client = container()
    names = [f"dir/{n:03}.txt" for n in range(23)]
    for name in [*names, "other.txt"]:
        client.upload_blob(name, b"x", metadata={"k": "v"})
    pages = client.list_blobs(name_starts_with="dir/", include=["metadata"], results_per_page=10).by_page()
    pages = [list(page) for page in pages]
    assert [len(page) for page in pages] == [10, 10, 3]
    assert [found.name for page in pages for found in page] == names
    assert pages[0][0].metadata == {"k": "v"} and pages[0][0].size == 1
    assert [found.name for found in client.walk_blobs()] == ["dir/", "other.txt"]
    assert list(client.list_blob_names()) == [*names, "other.txt"]


@check
def a_lease_keeps_others_from_writing():
    client = blob(b"x")
    lease = client.acquire_lease(15)
    refused(412, "LeaseIdMissing", client.upload_blob, b"y", overwrite=True)
    client.upload_blob(b"y", overwrite=True, lease=lease)
    refused(409, "LeaseAlreadyPresent", client.acquire_lease, 15)
    lease.renew()
    assert client.get_blob_properties().lease.state == "leased"
    lease.release()
    client.delete_blob()


@check
def a_signature_allows_what_it_says_and_nothing_else():
    client = blob(b"secret", "dir/a.txt")

    def signed(name="dir/a.txt", expiry=None, **permissions):
        permission = BlobSasPermissions(**permissions)
        sas = generate_blob_sas(
            ACCOUNT, client.container_name, name, account_key=KEY, permission=permission,
            expiry=expiry or an_hour_from_now(),
        )
        return BlobClient(BLOB_URL, client.container_name, "dir/a.txt", credential=sas)

    assert signed(read=True).download_blob().readall() == b"secret"
    refused(403, None, signed(write=True).download_blob)
    refused(403, None, signed(read=True).upload_blob, b"new", overwrite=True)
    refused(403, None, signed(create=True).upload_blob, b"new", overwrite=True)
    refused(403, None, signed(name="dir/b.txt", read=True).download_blob)
    late = datetime.now(timezone.utc) - timedelta(minutes=1)
    refused(403, None, signed(expiry=late, read=True).download_blob)
    signed(write=True).upload_blob(b"new", overwrite=True)
    signed(delete=True).delete_blob()


@check
def containers_and_accounts_have_signatures_too():
    client = container()
    client.upload_blob("a.txt", b"x")
    permission = ContainerSasPermissions(read=True, list=True)
    sas = generate_container_sas(
        ACCOUNT, client.container_name, account_key=KEY, permission=permission, expiry=an_hour_from_now()
    )
    guest = ContainerClient(BLOB_URL, client.container_name, credential=sas)
    assert [found.name for found in guest.list_blobs()] == ["a.txt"]
    refused(403, None, guest.upload_blob, "b.txt", b"x")
    sas = generate_account_sas(
        ACCOUNT, KEY, ResourceTypes(service=True), AccountSasPermissions(list=True), an_hour_from_now()
    )
    guest = BlobServiceClient(BLOB_URL, credential=sas)
    assert len(list(guest.list_containers(name_starts_with=client.container_name))) == 1
    refused(403, None, guest.get_container_client(client.container_name).get_container_properties)


@check
def nobody_reads_without_a_key_or_signature():
    client = blob(b"secret")
    try:
        urlopen(Request(client.url)).read()
    except HTTPError as error:
        assert 401 <= error.code <= 409 and b"secret" not in error.read()
        return
    raise AssertionError("a private blob was read by anybody")


run()
