// The official blob SDK for JavaScript, unchanged.
import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import {
  AccountSASPermissions,
  BlobSASPermissions,
  BlobServiceClient,
  ContainerSASPermissions,
  generateAccountSASQueryParameters,
  generateBlobSASQueryParameters,
} from "@azure/storage-blob";
import { all, check, connection, credential, fresh, refused, run, urls } from "./harness.mjs";

const MIB = 1024 * 1024;
const service = BlobServiceClient.fromConnectionString(connection);
const inAnHour = () => new Date(Date.now() + 3_600_000);

async function container() {
  const client = service.getContainerClient(fresh("container"));
  await client.create();
  return client;
}

async function blob(content = "hello world", name = "a.txt", options = {}) {
  const client = (await container()).getBlockBlobClient(name);
  await client.upload(content, Buffer.byteLength(content), options);
  return client;
}

const md5 = (bytes) => createHash("md5").update(bytes).digest();

check("a container is created, described, listed and deleted", async () => {
  const client = service.getContainerClient(fresh("container"));
  const created = await client.create({ metadata: { owner: "checks" } });
  assert(created.etag && created.lastModified);
  await refused(client.create(), 409, "ContainerAlreadyExists");
  assert.equal((await client.createIfNotExists()).succeeded, false);
  const changed = await client.setMetadata({ owner: "others" });
  assert.notEqual(changed.etag, created.etag);
  const properties = await client.getProperties();
  assert.deepEqual(properties.metadata, { owner: "others" });
  assert.equal(properties.leaseState, "available");
  const listed = await all(service.listContainers({ prefix: client.containerName, includeMetadata: true }));
  assert.deepEqual(listed.map((item) => [item.name, item.metadata]), [[client.containerName, { owner: "others" }]]);
  await client.delete();
  assert.equal(await client.exists(), false);
  await refused(client.getProperties(), 404, "ContainerNotFound");
  await refused(client.delete(), 404, "ContainerNotFound");
});

check("containers are listed in pages", async () => {
  const prefix = fresh("paged");
  for (let n = 0; n < 7; n += 1) await service.getContainerClient(`${prefix}-${n}`).create();
  const pages = await all(service.listContainers({ prefix }).byPage({ maxPageSize: 3 }));
  assert.deepEqual(pages.map((page) => page.containerItems.length), [3, 3, 1]);
});

check("a blob is put, described, read and deleted", async () => {
  const client = (await container()).getBlockBlobClient("dir/photo 1 ü🌉 + %.jpg");
  const written = await client.upload("hello world", 11, {
    blobHTTPHeaders: {
      blobContentType: "image/jpeg",
      blobCacheControl: "max-age=60",
      blobContentDisposition: "inline",
      blobContentEncoding: "identity",
      blobContentLanguage: "en",
    },
    metadata: { owner: "checks", aab: "1", a_b: "2" },
    tags: { state: "new" },
  });
  assert.deepEqual(Buffer.from(written.contentMD5), md5("hello world"));
  const properties = await client.getProperties();
  assert.equal(properties.contentLength, 11);
  assert.equal(properties.contentType, "image/jpeg");
  assert.equal(properties.cacheControl, "max-age=60");
  assert.equal(properties.contentDisposition, "inline");
  assert.equal(properties.contentLanguage, "en");
  assert.equal(properties.blobType, "BlockBlob");
  assert.equal(properties.etag, written.etag);
  assert.equal(properties.tagCount, 1);
  assert.deepEqual(properties.metadata, { owner: "checks", aab: "1", a_b: "2" });
  assert(properties.createdOn && properties.lastModified);
  assert.equal((await client.downloadToBuffer()).toString(), "hello world");
  await client.delete();
  assert.equal(await client.exists(), false);
  await refused(client.download(), 404, "BlobNotFound");
  await refused(client.getProperties(), 404);
  await refused(client.delete(), 404, "BlobNotFound");
  assert.equal((await client.deleteIfExists()).succeeded, false);
});

check("ranges are read, and refused behind the end", async () => {
  const client = await blob("0123456789");
  const text = async (...range) => {
    const response = await client.download(...range);
    const chunks = await all(response.readableStreamBody);
    return [response._response.status, response.contentRange, Buffer.concat(chunks).toString()];
  };
  assert.deepEqual(await text(2, 3), [206, "bytes 2-4/10", "234"]);
  assert.deepEqual(await text(8), [206, "bytes 8-9/10", "89"]);
  assert.deepEqual(await text(5, 100), [206, "bytes 5-9/10", "56789"]);
  await refused(client.download(11), 416, "InvalidRange");
  const summed = await client.download(2, 3, { rangeGetContentMD5: true });
  assert.deepEqual(Buffer.from(summed.contentMD5), md5("234"));
  await all(summed.readableStreamBody);
});

check("an empty blob is a blob", async () => {
  const client = await blob("");
  assert.equal((await client.getProperties()).contentLength, 0);
  assert.equal((await client.downloadToBuffer()).length, 0);
});

check("a large blob goes up in blocks and comes down in parts", async () => {
  const bytes = randomBytes(20 * MIB + 123);
  const client = (await container()).getBlockBlobClient("large.bin");
  await client.uploadData(bytes, { blockSize: 4 * MIB, maxSingleShotSize: MIB, concurrency: 4 });
  const { committedBlocks } = await client.getBlockList("committed");
  assert.deepEqual(committedBlocks.map((block) => Number(block.size)), [...Array(5).fill(4 * MIB), 123]);
  const back = await client.downloadToBuffer(0, undefined, { blockSize: 3 * MIB, concurrency: 3 });
  assert(bytes.equals(back));
  const whole = Buffer.concat(await all((await client.download()).readableStreamBody));
  assert(bytes.equals(whole));
});

check("a stream of unknown length goes up in blocks", async () => {
  const chunks = Array.from({ length: 50 }, (_, n) => Buffer.alloc(100_000, n));
  const client = (await container()).getBlockBlobClient("stream.bin");
  await client.uploadStream(Readable.from(chunks), MIB, 3);
  assert(Buffer.concat(chunks).equals(await client.downloadToBuffer()));
});

check("blocks are committed in the order of the list, from where it says", async () => {
  const client = (await container()).getBlockBlobClient("blocks.txt");
  const id = (n) => Buffer.from(`block-${n}`).toString("base64");
  for (const n of [3, 1, 2]) await client.stageBlock(id(n), String(n), 1);
  const { uncommittedBlocks } = await client.getBlockList("uncommitted");
  assert.deepEqual(new Set(uncommittedBlocks.map((block) => block.name)), new Set([id(1), id(2), id(3)]));
  await refused(client.download(), 404, "BlobNotFound");
  await client.commitBlockList([id(1), id(2), id(3)], { metadata: { k: "v" } });
  assert.equal((await client.downloadToBuffer()).toString(), "123");
  await client.stageBlock(id(2), "two", 3);
  await client.commitBlockList([id(2), id(1), id(2)]);
  assert.equal((await client.downloadToBuffer()).toString(), "two1two");
  await refused(client.commitBlockList([id(9)]), 400, "InvalidBlockList");
  assert.equal((await client.downloadToBuffer()).toString(), "two1two");
  const { committedBlocks } = await client.getBlockList("all");
  assert.deepEqual(committedBlocks.map((block) => [block.name, Number(block.size)]), [[id(2), 3], [id(1), 1], [id(2), 3]]);
});

check("writes hold their conditions", async () => {
  const client = await blob("one");
  const { etag } = await client.getProperties();
  await refused(client.upload("two", 3, { conditions: { ifNoneMatch: "*" } }), 409, "BlobAlreadyExists");
  await refused(client.upload("two", 3, { conditions: { ifMatch: '"0x1"' } }), 412, "ConditionNotMet");
  const written = await client.upload("two", 3, { conditions: { ifMatch: etag } });
  await refused(client.setMetadata({ a: "b" }, { conditions: { ifMatch: etag } }), 412, "ConditionNotMet");
  await client.setMetadata({ a: "b" }, { conditions: { ifMatch: written.etag } });
  await refused(client.delete({ conditions: { ifMatch: etag } }), 412, "ConditionNotMet");
  const later = new Date(Date.now() + 3_600_000);
  await refused(client.delete({ conditions: { ifModifiedSince: later } }), 412, "ConditionNotMet");
  await client.delete({ conditions: { ifUnmodifiedSince: later } });
  await client.upload("three", 5, { conditions: { ifNoneMatch: "*" } });
});

check("of many who create a blob at once one does", async () => {
  const client = (await container()).getBlockBlobClient("first.txt");
  const tries = Array.from({ length: 20 }, (_, n) =>
    client.upload(String(n), String(n).length, { conditions: { ifNoneMatch: "*" } }).then(() => n, () => undefined));
  const winners = (await Promise.all(tries)).filter((winner) => winner !== undefined);
  assert.equal(winners.length, 1);
  assert.equal((await client.downloadToBuffer()).toString(), String(winners[0]));
});

check("reads hold their conditions", async () => {
  const client = await blob("one");
  const { etag } = await client.getProperties();
  await refused(client.download(0, undefined, { conditions: { ifNoneMatch: etag } }), 304);
  await refused(client.download(0, undefined, { conditions: { ifMatch: '"0x1"' } }), 412, "ConditionNotMet");
  const read = await client.download(0, undefined, { conditions: { ifMatch: etag } });
  await all(read.readableStreamBody);
});

check("metadata and headers are replaced as a whole", async () => {
  const client = await blob("x", "a.txt", { metadata: { one: "1" }, blobHTTPHeaders: { blobContentType: "text/plain", blobCacheControl: "no-store" } });
  await client.setMetadata({ two: "2" });
  await client.setHTTPHeaders({ blobContentType: "text/html" });
  const properties = await client.getProperties();
  assert.deepEqual(properties.metadata, { two: "2" });
  assert.deepEqual([properties.contentType, properties.cacheControl], ["text/html", undefined]);
});

check("tags are set, read and asked for", async () => {
  const client = await blob("x");
  await client.setTags({ state: "done", size: "20" });
  assert.deepEqual((await client.getTags()).tags, { state: "done", size: "20" });
  await refused(client.delete({ conditions: { tagConditions: "\"state\" = 'new'" } }), 412, "ConditionNotMet");
  await client.setTags({ state: "new" });
  assert.deepEqual((await client.getTags()).tags, { state: "new" });
  await client.delete({ conditions: { tagConditions: "\"state\" = 'new'" } });
});

check("a copy has the content, headers and metadata of its source", async () => {
  const source = await blob("copied", "a b.txt", { metadata: { k: "v" }, blobHTTPHeaders: { blobContentType: "text/plain" } });
  const target = (await container()).getBlockBlobClient("copy.txt");
  const poller = await target.beginCopyFromURL(source.url);
  const result = await poller.pollUntilDone();
  assert.equal(result.copyStatus, "success");
  const properties = await target.getProperties();
  assert.equal(properties.copyId, result.copyId);
  assert.deepEqual([properties.contentType, properties.metadata], ["text/plain", { k: "v" }]);
  await source.delete();
  assert.equal((await target.downloadToBuffer()).toString(), "copied");
  await refused(target.beginCopyFromURL(source.url), 404);
});

check("blobs are listed flat, in pages, with what is asked for", async () => {
  const client = await container();
  const names = Array.from({ length: 23 }, (_, n) => `dir/${String(n).padStart(3, "0")}.txt`);
  for (const name of names) await client.uploadBlockBlob(name, "x", 1, { metadata: { k: "v" }, tags: { t: "1" } });
  await client.uploadBlockBlob("other.txt", "x", 1);
  const pages = await all(client.listBlobsFlat({ prefix: "dir/", includeMetadata: true, includeTags: true }).byPage({ maxPageSize: 10 }));
  assert.deepEqual(pages.map((page) => page.segment.blobItems.length), [10, 10, 3]);
  const items = pages.flatMap((page) => page.segment.blobItems);
  assert.deepEqual(items.map((item) => item.name), names);
  assert.deepEqual([items[0].metadata, items[0].tags], [{ k: "v" }, { t: "1" }]);
  assert.equal(items[0].properties.contentLength, 1);
  assert.deepEqual(Buffer.from(items[0].properties.contentMD5), md5("x"));
});

check("blobs are listed as folders", async () => {
  const client = await container();
  const names = ["a.txt", "b/1.txt", "b/2.txt", "b/c/3.txt", "d <&>/4.txt", "z.txt"];
  for (const name of names) await client.uploadBlockBlob(name, "x", 1);
  const level = async (prefix) =>
    (await all(client.listBlobsByHierarchy("/", { prefix }))).map((item) => `${item.kind} ${item.name}`).sort();
  assert.deepEqual(await level(""), ["blob a.txt", "blob z.txt", "prefix b/", "prefix d <&>/"]);
  assert.deepEqual(await level("b/"), ["blob b/1.txt", "blob b/2.txt", "prefix b/c/"]);
  const pages = await all(client.listBlobsByHierarchy("/").byPage({ maxPageSize: 1 }));
  const count = (page) => page.segment.blobItems.length + (page.segment.blobPrefixes?.length ?? 0);
  assert.equal(pages.reduce((sum, page) => sum + count(page), 0), 4);
});

check("a lease keeps others from writing", async () => {
  const client = await blob("x");
  const lease = client.getBlobLeaseClient();
  const { leaseId } = await lease.acquireLease(15);
  await refused(client.getBlobLeaseClient().acquireLease(15), 409, "LeaseAlreadyPresent");
  await refused(client.upload("y", 1), 412, "LeaseIdMissing");
  await refused(client.delete(), 412, "LeaseIdMissing");
  await client.upload("y", 1, { conditions: { leaseId } });
  await lease.renewLease();
  const properties = await client.getProperties();
  assert.deepEqual([properties.leaseState, properties.leaseStatus, properties.leaseDuration], ["leased", "locked", "fixed"]);
  await lease.changeLease("11111111-1111-1111-1111-111111111111");
  await refused(client.setMetadata({}, { conditions: { leaseId } }), 412, "LeaseIdMismatchWithBlobOperation");
  await lease.releaseLease();
  await client.upload("z", 1);
  await client.getBlobLeaseClient().acquireLease(-1);
  await client.getBlobLeaseClient().breakLease(0);
  assert.equal((await client.getProperties()).leaseState, "broken");
  await client.delete();
});

check("a signature allows what it says and nothing else", async () => {
  const client = await blob("secret", "dir/a.txt");
  const other = client.url.replace(/a\.txt$/, "b.txt");
  const signed = (permissions, url = client.url, more = {}) => {
    const values = { containerName: client.containerName, blobName: "dir/a.txt", permissions: BlobSASPermissions.parse(permissions), expiresOn: inAnHour(), ...more };
    return `${url}?${generateBlobSASQueryParameters(values, credential)}`;
  };
  const get = (url) => fetch(url);
  const put = (url) => fetch(url, { method: "PUT", body: "new", headers: { "x-ms-blob-type": "BlockBlob" } });
  assert.equal(await (await get(signed("r"))).text(), "secret");
  assert.equal((await put(signed("r"))).status, 403);
  assert.equal((await get(signed("w"))).status, 403);
  assert.equal((await put(signed("cw"))).status, 201);
  assert.equal((await put(signed("c"))).status, 403);
  assert.equal((await get(signed("r", other))).status, 403);
  assert.equal((await get(signed("r", client.url, { expiresOn: new Date(Date.now() - 1000) }))).status, 403);
  assert.equal((await get(signed("r", client.url, { startsOn: inAnHour(), expiresOn: new Date(Date.now() + 7_200_000) }))).status, 403);
  assert.equal((await get(signed("r").replace("sp=r", "sp=rw"))).status, 403);
  const named = await get(signed("r", client.url, { contentDisposition: "attachment; filename=\"x.txt\"", contentType: "text/x" }));
  assert.deepEqual([named.headers.get("content-disposition"), named.headers.get("content-type")], ["attachment; filename=\"x.txt\"", "text/x"]);
  assert.equal((await fetch(signed("d"), { method: "DELETE" })).status, 202);
});

check("a container's signature is for its blobs", async () => {
  const client = await container();
  await client.uploadBlockBlob("a.txt", "x", 1);
  const values = { containerName: client.containerName, permissions: ContainerSASPermissions.parse("rl"), expiresOn: inAnHour() };
  const sas = generateBlobSASQueryParameters(values, credential);
  const guest = new BlobServiceClient(`${urls.blob}?${sas}`).getContainerClient(client.containerName);
  assert.deepEqual((await all(guest.listBlobsFlat())).map((item) => item.name), ["a.txt"]);
  assert.equal((await guest.getBlobClient("a.txt").downloadToBuffer()).toString(), "x");
  await refused(guest.uploadBlockBlob("b.txt", "x", 1), 403);
  const elsewhere = new BlobServiceClient(`${urls.blob}?${sas}`).getContainerClient((await container()).containerName);
  await refused(all(elsewhere.listBlobsFlat()), 403);
});

check("an account's signature is for its services and resource types", async () => {
  const client = await blob("x");
  const signed = (services, resourceTypes, permissions) => {
    const values = { services, resourceTypes, permissions: AccountSASPermissions.parse(permissions), expiresOn: inAnHour() };
    return new BlobServiceClient(`${urls.blob}?${generateAccountSASQueryParameters(values, credential)}`);
  };
  const read = (guest) => guest.getContainerClient(client.containerName).getBlobClient("a.txt").downloadToBuffer();
  assert.equal((await read(signed("b", "o", "r"))).toString(), "x");
  await refused(read(signed("q", "o", "r")), 403);
  await refused(read(signed("b", "sc", "r")), 403);
  await refused(read(signed("b", "o", "w")), 403);
  assert((await all(signed("b", "s", "l").listContainers({ prefix: client.containerName }))).length === 1);
});

check("a stored access policy can be taken back", async () => {
  const client = await container();
  await client.uploadBlockBlob("a.txt", "x", 1);
  const accessPolicy = { startsOn: new Date(Date.now() - 60_000), expiresOn: inAnHour(), permissions: "r" };
  await client.setAccessPolicy(undefined, [{ id: "readers", accessPolicy }]);
  assert.equal((await client.getAccessPolicy()).signedIdentifiers[0].id, "readers");
  const sas = generateBlobSASQueryParameters({ containerName: client.containerName, identifier: "readers" }, credential);
  const url = `${client.getBlobClient("a.txt").url}?${sas}`;
  assert.equal((await fetch(url)).status, 200);
  await client.setAccessPolicy(undefined, []);
  assert.equal((await fetch(url)).status, 403);
});

check("nobody reads without a key or signature", async () => {
  const client = await blob("secret");
  const response = await fetch(client.url);
  assert(response.status >= 401 && response.status <= 409, `${response.status}`);
  assert(!(await response.text()).includes("secret"));
});

check("a wrong checksum is refused", async () => {
  const client = (await container()).getBlockBlobClient("a.txt");
  const id = Buffer.from("1").toString("base64");
  await client.stageBlock(id, "abc", 3, { transactionalContentMD5: md5("abc") });
  await refused(client.stageBlock(id, "abd", 3, { transactionalContentMD5: md5("abc") }), 400);
});

check("names are checked, and missing things are named", async () => {
  await refused(service.getContainerClient("Upper").create(), 400, "InvalidResourceName");
  await refused(service.getContainerClient("ab").create(), 400, "OutOfRangeInput");
  const missing = service.getContainerClient(fresh("missing"));
  await refused(missing.uploadBlockBlob("a.txt", "x", 1), 404, "ContainerNotFound");
  await refused(all(missing.listBlobsFlat()), 404, "ContainerNotFound");
});

check("the account describes itself", async () => {
  const info = await service.getAccountInfo();
  assert.equal(info.accountKind, "StorageV2");
  assert((await service.getProperties()).blobAnalyticsLogging !== undefined);
});

await run();
