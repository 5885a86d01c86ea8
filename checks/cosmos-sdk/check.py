"""The official SDK for Python, unchanged, against a Cosmos DB endpoint: `python check.py http://127.0.0.1:8081/`.

Prints one line per check and "N passed, N failed"; exits with 1 when one failed.
"""

import os
import sys
import time
import traceback
from datetime import datetime, timedelta, timezone

from azure.core import MatchConditions
from azure.cosmos import CosmosClient, PartitionKey, exceptions

# The key of Microsoft's emulator, the same for everybody.
KEY = "C2y6yDjf5/R+ob0N8A7Cgv30VRDJIWEHLM+4QDU5DE2nQ9nDuVTqobD4b8mGGyPMbIZnqyMsEcaGQy67XIw/Jw=="
ENDPOINT = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8081/"

client = CosmosClient(ENDPOINT, KEY)
database = client.create_database_if_not_exists(f"check-python-{os.getpid()}")
checks = []


def check(function):
    checks.append(function)
    return function


def fresh(name, **more):
    return database.create_container_if_not_exists(name, PartitionKey("/pk"), **more)


def refused(status, function, *args, **kwargs):
    try:
        function(*args, **kwargs)
    except exceptions.CosmosHttpResponseError as error:
        assert error.status_code == status, error
        return error
    raise AssertionError(f"{status} was expected, and nothing was refused")


def item(name, **more):
    return {"id": name, "pk": "p", "n": 1, **more}


@check
def databases_and_containers_are_created_once_and_listed():
    items = fresh("items")
    refused(409, client.create_database, database.id)
    refused(409, database.create_container, items.id, PartitionKey("/pk"))
    assert database.id in [found["id"] for found in client.list_databases()]
    found = database.query_containers("SELECT * FROM c WHERE c.id = 'items'")
    assert [container["id"] for container in found] == ["items"]


@check
def an_item_is_created_read_replaced_and_deleted():
    items = fresh("items")
    created = items.create_item(item("a"))
    refused(409, items.create_item, item("a"))
    assert items.read_item("a", "p")["_etag"] == created["_etag"]
    condition = {"etag": created["_etag"], "match_condition": MatchConditions.IfNotModified}
    assert items.replace_item("a", item("a", n=2), **condition)["n"] == 2
    refused(412, items.replace_item, "a", item("a", n=3), **condition)
    assert items.upsert_item(item("a", n=4))["n"] == 4
    items.delete_item("a", "p")
    refused(404, items.read_item, "a", "p")
    refused(404, items.delete_item, "a", "p")


@check
def ids_and_keys_may_be_in_any_script():
    items = fresh("items")
    name = "straße 🌉 + 100%"
    items.create_item({"id": name, "pk": "Köln/é"})
    assert items.read_item(name, "Köln/é")["id"] == name


@check
def a_patch_sets_adds_increments_and_removes():
    items = fresh("items")
    items.create_item(item("patched", tags=["a"], old=1))
    patched = items.patch_item(
        "patched",
        "p",
        [
            {"op": "set", "path": "/name", "value": "x"},
            {"op": "add", "path": "/tags/-", "value": "b"},
            {"op": "incr", "path": "/n", "value": 4},
            {"op": "remove", "path": "/old"},
        ],
    )
    assert (patched["name"], patched["tags"], patched["n"], "old" in patched) == ("x", ["a", "b"], 5, False)


@check
def a_patch_holds_its_condition():
    items = fresh("items")
    items.create_item(item("conditional"))
    operations = [{"op": "set", "path": "/n", "value": 2}]
    refused(412, items.patch_item, "conditional", "p", operations, filter_predicate="from c where c.n = 7")
    patched = items.patch_item("conditional", "p", operations, filter_predicate="from c where c.n = 1")
    assert patched["n"] == 2


@check
def a_batch_is_done_as_a_whole():
    items = fresh("items")
    done = items.execute_item_batch(
        [
            ("create", (item("b1"),)),
            ("upsert", (item("b2"),)),
            ("replace", ("b1", item("b1", n=2))),
            ("read", ("b1",)),
            ("delete", ("b2",)),
        ],
        "p",
    )
    assert [result["statusCode"] for result in done] == [201, 201, 200, 200, 204]
    try:
        items.execute_item_batch([("create", (item("b3"),)), ("create", (item("b1"),))], "p")
    except exceptions.CosmosBatchOperationError as error:
        assert error.error_index == 1, error
    else:
        raise AssertionError("a conflict was expected")
    refused(404, items.read_item, "b3", "p")


@check
def queries_find_one_partition_and_all_of_them():
    many = fresh("many")
    for n in range(60):
        many.create_item({"id": f"i{n}", "pk": f"p{n % 6}", "n": n, "even": n % 2 == 0})
    one = many.query_items(
        "SELECT * FROM c WHERE c.n > @min ORDER BY c.n DESC",
        parameters=[{"name": "@min", "value": 30}],
        partition_key="p1",
    )
    assert [found["n"] for found in one] == [55, 49, 43, 37, 31]
    across = many.query_items("SELECT c.n FROM c WHERE c.n >= 50 ORDER BY c.n DESC", enable_cross_partition_query=True)
    assert [found["n"] for found in across] == list(range(59, 49, -1))
    count = many.query_items("SELECT VALUE COUNT(1) FROM c", enable_cross_partition_query=True)
    assert list(count) == [60]
    limited = many.query_items("SELECT VALUE c.n FROM c ORDER BY c.n OFFSET 5 LIMIT 3", enable_cross_partition_query=True)
    assert list(limited) == [5, 6, 7]
    assert len(list(many.read_all_items())) == 60


@check
def pages_hold_every_item_once_while_others_are_written():
    many = fresh("many")
    seen, token = [], None
    while True:
        query = many.query_items("SELECT * FROM c WHERE c.n < 60", partition_key="p2", max_item_count=3)
        pages = query.by_page(token)
        seen += [found["n"] for found in next(pages)]
        token = pages.continuation_token
        many.create_item({"id": f"new{len(seen)}", "pk": "p2", "n": 100})
        if not token:
            break
    assert sorted(seen) == [2, 8, 14, 20, 26, 32, 38, 44, 50, 56], seen


def changed(container, **start):
    ids = sorted(found["id"] for found in container.query_items_change_feed(**start))
    return ids, container.client_connection.last_response_headers["etag"]


@check
def the_change_feed_is_read_from_the_beginning_and_followed():
    followed = fresh("followed")
    for n in range(20):
        followed.create_item({"id": f"i{n:02}", "pk": f"p{n}"})
    ids, token = changed(followed, start_time="Beginning", max_item_count=3)
    assert ids == [f"i{n:02}" for n in range(20)], ids
    for n in range(20, 30):
        followed.create_item({"id": f"i{n:02}", "pk": f"p{n}"})
    ids, token = changed(followed, continuation=token)
    assert ids == [f"i{n:02}" for n in range(20, 30)], ids
    ids, _ = changed(followed, continuation=token)
    assert ids == [], ids
    an_hour_ago = datetime.now(timezone.utc) - timedelta(hours=1)
    ids, _ = changed(followed, start_time=an_hour_ago)
    assert len(ids) == 30, ids
    ids, _ = changed(followed, start_time="Beginning", partition_key="p7")
    assert ids == ["i07"], ids


@check
def a_containers_time_to_live_ends_its_items():
    fleeting = fresh("fleeting", default_ttl=-1)
    fleeting.create_item({"id": "a", "pk": "p", "ttl": 1})
    deadline = time.monotonic() + 10
    while True:
        try:
            fleeting.read_item("a", "p")
        except exceptions.CosmosResourceNotFoundError:
            break
        assert time.monotonic() < deadline, "the item is still there"
        time.sleep(0.1)
    fleeting.create_item({"id": "a", "pk": "p"})


@check
def hierarchical_keys_place_items():
    tree = database.create_container("tree", PartitionKey(["/a", "/b"], kind="MultiHash"))
    tree.create_item({"id": "1", "a": "x", "b": "y"})
    assert tree.read_item("1", ["x", "y"])["id"] == "1"


@check
def a_container_is_redefined_and_deleted():
    container = fresh("redefined")
    database.replace_container(container, PartitionKey("/pk"), default_ttl=60)
    assert container.read()["defaultTtl"] == 60
    database.delete_container(container)
    refused(404, container.read)


@check
def throughput_is_read_and_replaced():
    paid = database.create_container("paid", PartitionKey("/pk"), offer_throughput=400)
    assert paid.get_throughput().offer_throughput == 400
    paid.replace_throughput(800)
    assert paid.get_throughput().offer_throughput == 800


@check
def a_wrong_key_is_refused():
    refused(401, lambda: CosmosClient(ENDPOINT, "AAAA").get_database_client(database.id).read())


@check
def a_thousand_items_are_written_and_counted():
    busy = fresh("busy")
    for n in range(1000):
        busy.upsert_item({"id": f"i{n}", "pk": f"p{n % 20}", "n": n})
    assert list(busy.query_items("SELECT VALUE COUNT(1) FROM c", enable_cross_partition_query=True)) == [1000]


@check
def the_database_is_deleted():
    client.delete_database(database)
    refused(404, database.read)


failed = 0
for function in checks:
    name = function.__name__.replace("_", " ")
    try:
        function()
        print(f"ok    {name}")
    except Exception:  # any failure is one, and the others are still to be run
        failed += 1
        print(f"FAIL  {name}\n{traceback.format_exc()}")
print(f"{len(checks) - failed} passed, {failed} failed")
sys.exit(1 if failed else 0)
