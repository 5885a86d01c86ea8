// The official SDK for JavaScript, unchanged, against a Cosmos DB endpoint: `node check.mjs http://127.0.0.1:8081/`.
// Prints one line per check and "N passed, N failed"; exits with 1 when one failed.
import assert from "node:assert/strict";
import { ChangeFeedStartFrom, CosmosClient } from "@azure/cosmos";

// The key of Microsoft's emulator, the same for everybody.
const KEY = "C2y6yDjf5/R+ob0N8A7Cgv30VRDJIWEHLM+4QDU5DE2nQ9nDuVTqobD4b8mGGyPMbIZnqyMsEcaGQy67XIw/Jw==";
const endpoint = process.argv[2] ?? "http://127.0.0.1:8081/";
const client = new CosmosClient({ endpoint, key: KEY });
const databaseId = `check-node-${process.pid}`;

let passed = 0;
let failed = 0;

async function check(name, run) {
  try {
    await run();
    passed += 1;
    console.log(`ok    ${name}`);
  } catch (error) {
    failed += 1;
    console.log(`FAIL  ${name}\n      ${error.stack ?? JSON.stringify(error)}`);
  }
}

async function refused(promise, code) {
  await assert.rejects(promise, (error) => {
    assert.equal(error.code, code, error.message);
    return true;
  });
}

const { database } = await client.databases.createIfNotExists({ id: databaseId });
const items = await fresh("items");

async function fresh(id, more = {}) {
  const { container } = await database.containers.createIfNotExists({ id, partitionKey: { paths: ["/pk"] }, ...more });
  return container;
}

function item(id, more = {}) {
  return { id, pk: "p", n: 1, ...more };
}

async function readAll(iterator) {
  return (await iterator.fetchAll()).resources;
}

await check("databases and containers are created once and listed", async () => {
  const again = await client.databases.createIfNotExists({ id: databaseId });
  assert.equal(again.statusCode, 200);
  await refused(client.databases.create({ id: databaseId }), 409);
  await refused(database.containers.create({ id: "items", partitionKey: { paths: ["/pk"] } }), 409);
  const databases = await readAll(client.databases.readAll());
  assert(databases.some((found) => found.id === databaseId));
  const found = await readAll(database.containers.query("SELECT * FROM c WHERE c.id = 'items'"));
  assert.deepEqual(found.map((container) => container.id), ["items"]);
});

await check("an item is created, read, replaced and deleted", async () => {
  const created = await items.items.create(item("a"));
  assert.equal(created.statusCode, 201);
  assert.equal(created.resource.n, 1);
  await refused(items.items.create(item("a")), 409);
  const read = await items.item("a", "p").read();
  assert.equal(read.etag, created.etag);
  const replaced = await items.item("a", "p").replace(item("a", { n: 2 }), {
    accessCondition: { type: "IfMatch", condition: read.etag },
  });
  assert.equal(replaced.resource.n, 2);
  await refused(
    items.item("a", "p").replace(item("a", { n: 3 }), { accessCondition: { type: "IfMatch", condition: read.etag } }),
    412,
  );
  const upserted = await items.items.upsert(item("a", { n: 4 }));
  assert.equal(upserted.statusCode, 200);
  const deleted = await items.item("a", "p").delete();
  assert.equal(deleted.statusCode, 204);
  assert.equal((await items.item("a", "p").read()).statusCode, 404);
  await refused(items.item("a", "p").delete(), 404);
});

await check("an unchanged item is not sent again", async () => {
  const { resource } = await items.items.create(item("same"));
  const read = await items.item("same", "p").read({ accessCondition: { type: "IfNoneMatch", condition: resource._etag } });
  assert.equal(read.statusCode, 304);
});

await check("ids and keys may be in any script", async () => {
  const id = "straße 🌉 + 100%";
  await items.items.create({ id, pk: "Köln/é" });
  const { resource } = await items.item(id, "Köln/é").read();
  assert.equal(resource.id, id);
});

await check("a patch sets, adds, increments, moves and removes", async () => {
  await items.items.create(item("patched", { tags: ["a"], old: 1 }));
  const { resource } = await items.item("patched", "p").patch([
    { op: "set", path: "/name", value: "x" },
    { op: "add", path: "/tags/-", value: "b" },
    { op: "incr", path: "/n", value: 4 },
    { op: "remove", path: "/old" },
    { op: "replace", path: "/name", value: "y" },
  ]);
  assert.deepEqual([resource.name, resource.tags, resource.n, resource.old], ["y", ["a", "b"], 5, undefined]);
});

await check("a patch holds its condition", async () => {
  await items.items.create(item("conditional"));
  const operations = [{ op: "set", path: "/n", value: 2 }];
  await refused(items.item("conditional", "p").patch({ condition: "from c where c.n = 7", operations }), 412);
  const { resource } = await items.item("conditional", "p").patch({ condition: "from c where c.n = 1", operations });
  assert.equal(resource.n, 2);
});

await check("a batch is done as a whole", async () => {
  const done = await items.items.batch(
    [
      { operationType: "Create", resourceBody: item("b1") },
      { operationType: "Upsert", resourceBody: item("b2") },
      { operationType: "Replace", id: "b1", resourceBody: item("b1", { n: 2 }) },
      { operationType: "Read", id: "b1" },
      { operationType: "Delete", id: "b2" },
    ],
    "p",
  );
  assert.deepEqual(done.result.map((result) => result.statusCode), [201, 201, 200, 200, 204]);
  const undone = await items.items.batch(
    [
      { operationType: "Create", resourceBody: item("b3") },
      { operationType: "Create", resourceBody: item("b1") },
    ],
    "p",
  );
  assert.deepEqual(undone.result.map((result) => result.statusCode), [424, 409]);
  assert.equal((await items.item("b3", "p").read()).statusCode, 404);
});

await check("a bulk request does each operation by itself", async () => {
  const bulk = await fresh("bulk");
  const create = (n) => ({ operationType: "Create", partitionKey: `p${n % 7}`, resourceBody: { id: `i${n}`, pk: `p${n % 7}`, n } });
  const created = await bulk.items.executeBulkOperations(Array.from({ length: 500 }, (_, n) => create(n)));
  assert.equal(created.filter((result) => result.response?.statusCode === 201).length, 500);
  const mixed = await bulk.items.executeBulkOperations([
    create(1),
    { operationType: "Patch", partitionKey: "p2", id: "i2", resourceBody: { operations: [{ op: "incr", path: "/n", value: 100 }] } },
    { operationType: "Read", partitionKey: "p2", id: "i2" },
    { operationType: "Delete", partitionKey: "p3", id: "i3" },
  ]);
  const codes = mixed.map((result) => result.response?.statusCode ?? result.error?.code);
  assert.deepEqual([codes[0], codes[1], codes[3]], [409, 200, 204]);
  const { resources } = await bulk.items.query("SELECT VALUE COUNT(1) FROM c").fetchAll();
  assert.deepEqual(resources, [499]);
});

await check("queries find one partition and all of them", async () => {
  const many = await fresh("many");
  for (let n = 0; n < 60; n += 1) {
    await many.items.create({ id: `i${n}`, pk: `p${n % 6}`, n, even: n % 2 === 0 });
  }
  const one = await many.items
    .query({ query: "SELECT * FROM c WHERE c.n > @min ORDER BY c.n DESC", parameters: [{ name: "@min", value: 30 }] }, { partitionKey: "p1" })
    .fetchAll();
  assert.deepEqual(one.resources.map((found) => found.n), [55, 49, 43, 37, 31]);
  const across = await many.items.query("SELECT c.n FROM c WHERE c.n >= 50 ORDER BY c.n DESC").fetchAll();
  assert.deepEqual(across.resources.map((found) => found.n), [59, 58, 57, 56, 55, 54, 53, 52, 51, 50]);
  const limited = await many.items.query("SELECT VALUE c.n FROM c ORDER BY c.n OFFSET 5 LIMIT 3").fetchAll();
  assert.deepEqual(limited.resources, [5, 6, 7]);
  const grouped = await many.items.query("SELECT c.even, COUNT(1) AS many, SUM(c.n) AS total FROM c GROUP BY c.even").fetchAll();
  const groups = grouped.resources.sort((a, b) => Number(a.even) - Number(b.even));
  assert.deepEqual(groups, [{ even: false, many: 30, total: 900 }, { even: true, many: 30, total: 870 }]);
  assert.equal((await readAll(many.items.readAll())).length, 60);
});

await check("pages hold every item once while others are written", async () => {
  const many = await fresh("many");
  const seen = [];
  let continuationToken;
  let page = 0;
  do {
    const options = { maxItemCount: 7, continuationToken, partitionKey: "p2" };
    const result = await many.items.query("SELECT * FROM c WHERE c.n < 60", options).fetchNext();
    seen.push(...result.resources.map((found) => found.n));
    continuationToken = result.continuationToken;
    await many.items.create({ id: `new${page}`, pk: "p2", n: 100 });
    page += 1;
  } while (continuationToken);
  assert.deepEqual(seen.sort((a, b) => a - b), [2, 8, 14, 20, 26, 32, 38, 44, 50, 56]);
});

await check("the change feed is read from the beginning and followed", async () => {
  const followed = await fresh("followed");
  const write = (from, to) =>
    Promise.all(Array.from({ length: to - from }, (_, n) => followed.items.create({ id: `i${from + n}`, pk: `p${n}` })));
  const drain = async (iterator) => {
    const ids = [];
    let idle = 0;
    while (idle < 8) {
      const page = await iterator.readNext();
      if (page.statusCode === 304) {
        idle += 1;
      } else {
        idle = 0;
        ids.push(...page.result.map((found) => found.id));
      }
    }
    return ids.sort();
  };
  const names = (from, to) => Array.from({ length: to - from }, (_, n) => `i${from + n}`).sort();
  await write(0, 20);
  const iterator = followed.items.getChangeFeedIterator({
    changeFeedStartFrom: ChangeFeedStartFrom.Beginning(),
    maxItemCount: 3,
  });
  const now = followed.items.getChangeFeedIterator({ changeFeedStartFrom: ChangeFeedStartFrom.Now(), maxItemCount: 3 });
  assert.deepEqual(await drain(iterator), names(0, 20));
  assert.deepEqual(await drain(now), []);
  await write(20, 30);
  assert.deepEqual(await drain(iterator), names(20, 30));
  assert.deepEqual(await drain(now), names(20, 30));
  const past = followed.items.getChangeFeedIterator({
    changeFeedStartFrom: ChangeFeedStartFrom.Time(new Date(Date.now() - 3_600_000)),
  });
  assert.equal((await drain(past)).length, 30);
});

await check("a container's time to live ends its items", async () => {
  const fleeting = await fresh("fleeting", { defaultTtl: -1 });
  await fleeting.items.create({ id: "a", pk: "p", ttl: 1 });
  const deadline = Date.now() + 10_000;
  while ((await fleeting.item("a", "p").read()).statusCode !== 404) {
    assert(Date.now() < deadline, "the item is still there");
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assert.equal((await fleeting.items.create({ id: "a", pk: "p" })).statusCode, 201);
});

await check("hierarchical keys place items", async () => {
  const { container } = await database.containers.create({
    id: "tree",
    partitionKey: { paths: ["/a", "/b"], kind: "MultiHash", version: 2 },
  });
  await container.items.create({ id: "1", a: "x", b: "y" });
  assert.equal((await container.item("1", ["x", "y"]).read()).resource.id, "1");
});

await check("a container is redefined and deleted", async () => {
  const container = await fresh("redefined");
  const { resource } = await container.read();
  const replaced = await container.replace({ ...resource, defaultTtl: 60 });
  assert.equal(replaced.resource.defaultTtl, 60);
  await container.delete();
  await refused(container.read(), 404);
});

await check("throughput is read and replaced", async () => {
  const { container } = await database.containers.create({ id: "paid", partitionKey: { paths: ["/pk"] }, throughput: 400 });
  const { resource, offer } = await container.readOffer();
  assert.equal(resource.content.offerThroughput, 400);
  resource.content.offerThroughput = 800;
  assert.equal((await offer.replace(resource)).resource.content.offerThroughput, 800);
});

await check("a wrong key is refused", async () => {
  const stranger = new CosmosClient({ endpoint, key: "AAAA" });
  await refused(stranger.database(databaseId).read(), 401);
});

await check("what is not supported says so", async () => {
  await refused(items.scripts.storedProcedures.create({ id: "s", body: "function () {}" }), 501);
});

await check("a thousand items are written by many at once and counted", async () => {
  const busy = await fresh("busy");
  const writers = Array.from({ length: 20 }, async (_, writer) => {
    for (let n = 0; n < 50; n += 1) {
      await busy.items.upsert({ id: `${writer}-${n}`, pk: `p${writer}`, n });
    }
  });
  await Promise.all(writers);
  const { resources } = await busy.items.query("SELECT VALUE COUNT(1) FROM c").fetchAll();
  assert.deepEqual(resources, [1000]);
});

await check("the database is deleted", async () => {
  await database.delete();
  await refused(database.read(), 404);
});

console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
