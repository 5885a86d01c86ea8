"""The official queue SDK for Python, unchanged."""

from datetime import datetime, timedelta, timezone

from azure.storage.queue import (
    AccessPolicy,
    BinaryBase64DecodePolicy,
    BinaryBase64EncodePolicy,
    QueueClient,
    QueueSasPermissions,
    QueueServiceClient,
    generate_queue_sas,
)
from harness import ACCOUNT, CONNECTION, KEY, QUEUE_URL, check, fresh, refused, run

service = QueueServiceClient.from_connection_string(CONNECTION)


def queue():
    return service.create_queue(fresh("queue"))


def an_hour_from_now():
    return datetime.now(timezone.utc) + timedelta(hours=1)


@check
def a_queue_is_created_described_listed_and_deleted():
    client = service.create_queue(fresh("queue"), metadata={"owner": "checks"})
    refused(409, "QueueAlreadyExists", service.create_queue, client.queue_name, metadata={"owner": "others"})
    client.set_queue_metadata({"owner": "checks", "Purpose": "none"})
    properties = client.get_queue_properties()
    assert properties.metadata == {"owner": "checks", "Purpose": "none"}
    assert properties.approximate_message_count == 0
    listed = list(service.list_queues(name_starts_with=client.queue_name, include_metadata=True))
    assert [(found.name, found.metadata) for found in listed] == [(client.queue_name, properties.metadata)]
    client.delete_queue()
    refused(404, "QueueNotFound", client.delete_queue)


@check
def queues_are_listed_in_pages():
    prefix = fresh("paged")
    for n in range(7):
        service.create_queue(f"{prefix}-{n}")
    pages = [list(page) for page in service.list_queues(name_starts_with=prefix, results_per_page=3).by_page()]
    assert [len(page) for page in pages] == [3, 3, 1]


@check
def a_message_is_sent_received_updated_and_deleted():
    client = queue()
    sent = client.send_message('one <&> "two" 🌉')
    assert sent.id and sent.pop_receipt and sent.expires_on > sent.inserted_on
    assert client.get_queue_properties().approximate_message_count == 1
    message = client.receive_message(visibility_timeout=60)
    assert (message.content, message.dequeue_count, message.id) == ('one <&> "two" 🌉', 1, sent.id)
    assert client.receive_message() is None
    updated = client.update_message(message, visibility_timeout=0, content="after")
    refused(400, "PopReceiptMismatch", client.delete_message, message.id, message.pop_receipt)
    again = client.receive_message()
    assert (again.content, again.dequeue_count) == ("after", 2)
    assert updated.pop_receipt != again.pop_receipt
    client.delete_message(again)
    refused(404, "MessageNotFound", client.delete_message, again)


@check
def messages_are_peeked_and_received_in_pages():
    client = queue()
    for n in range(70):
        client.send_message(str(n))
    assert [message.content for message in client.peek_messages(max_messages=32)] == [str(n) for n in range(32)]
    received = list(client.receive_messages(messages_per_page=32, visibility_timeout=300))
    assert [message.content for message in received] == [str(n) for n in range(70)]
    assert [message.content for message in client.receive_messages(max_messages=5)] == []


@check
def bytes_travel_as_base64():
    name = queue().queue_name
    client = QueueClient.from_connection_string(
        CONNECTION,
        name,
        message_encode_policy=BinaryBase64EncodePolicy(),
        message_decode_policy=BinaryBase64DecodePolicy(),
    )
    client.send_message(bytes(range(256)))
    assert client.receive_message().content == bytes(range(256))


@check
def a_message_may_live_for_ever():
    client = queue()
    sent = client.send_message("eternal", time_to_live=-1)
    assert sent.expires_on.year == 9999


@check
def parameters_out_of_range_are_refused():
    client = queue()
    refused(400, "OutOfRangeQueryParameterValue", client.send_message, "x", visibility_timeout=604801)
    refused(400, None, client.send_message, "x", time_to_live=-2)
    refused(413, "RequestBodyTooLarge", client.send_message, "x" * 65537)
    client.send_message("x" * 65536)


@check
def a_cleared_queue_is_empty():
    client = queue()
    for _ in range(5):
        client.send_message("x")
    client.clear_messages()
    assert client.get_queue_properties().approximate_message_count == 0
    assert client.receive_message() is None


@check
def a_signature_allows_what_it_says_and_nothing_else():
    client = queue()
    client.send_message("x")

    def signed(expiry=None, **permissions):
        permission = QueueSasPermissions(**permissions)
        sas = generate_queue_sas(
            ACCOUNT, client.queue_name, KEY, permission=permission, expiry=expiry or an_hour_from_now()
        )
        return QueueClient(QUEUE_URL, client.queue_name, credential=sas)

    signed(add=True).send_message("y")
    refused(403, None, signed(add=True).peek_messages)
    assert len(signed(read=True).peek_messages(max_messages=5)) == 2
    refused(403, None, signed(read=True).send_message, "z")
    message = signed(process=True).receive_message()
    signed(process=True).delete_message(message)
    late = datetime.now(timezone.utc) - timedelta(minutes=1)
    refused(403, "AuthenticationFailed", signed(expiry=late, add=True).send_message, "late")


@check
def a_stored_access_policy_is_kept_and_used():
    client = queue()
    policy = AccessPolicy(permission=QueueSasPermissions(add=True), expiry=an_hour_from_now())
    client.set_queue_access_policy({"senders": policy})
    assert client.get_queue_access_policy()["senders"].permission == "a"
    sas = generate_queue_sas(ACCOUNT, client.queue_name, KEY, policy_id="senders")
    sender = QueueClient(QUEUE_URL, client.queue_name, credential=sas)
    sender.send_message("x")
    client.set_queue_access_policy({})
    refused(403, None, sender.send_message, "x")


run()
