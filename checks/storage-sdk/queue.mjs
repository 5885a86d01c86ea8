// The official queue SDK for JavaScript, unchanged.
import assert from "node:assert/strict";
import {
  QueueSASPermissions,
  QueueServiceClient,
  StorageSharedKeyCredential,
  generateQueueSASQueryParameters,
} from "@azure/storage-queue";
import { all, check, connection, credential, fresh, refused, run, urls } from "./harness.mjs";

const service = QueueServiceClient.fromConnectionString(connection);
const key = new StorageSharedKeyCredential(credential.accountName, credential.accountKey.toString("base64"));

async function queue() {
  const client = service.getQueueClient(fresh("queue"));
  await client.create();
  return client;
}

check("a queue is created, described, listed and deleted", async () => {
  const client = service.getQueueClient(fresh("queue"));
  assert.equal((await client.create({ metadata: { owner: "checks" } }))._response.status, 201);
  assert.equal((await client.create({ metadata: { owner: "checks" } }))._response.status, 204);
  await refused(client.create({ metadata: { owner: "others" } }), 409, "QueueAlreadyExists");
  await client.setMetadata({ owner: "checks", purpose: "none" });
  const properties = await client.getProperties();
  assert.deepEqual(properties.metadata, { owner: "checks", purpose: "none" });
  assert.equal(properties.approximateMessagesCount, 0);
  const listed = await all(service.listQueues({ prefix: client.name, includeMetadata: true }));
  assert.deepEqual(listed.map((item) => [item.name, item.metadata]), [[client.name, { owner: "checks", purpose: "none" }]]);
  await client.delete();
  assert.equal(await client.exists(), false);
  await refused(client.delete(), 404, "QueueNotFound");
  assert.equal((await client.createIfNotExists()).succeeded, true);
  assert.equal((await client.deleteIfExists()).succeeded, true);
});

check("queues are listed in pages", async () => {
  const prefix = fresh("paged");
  for (let n = 0; n < 12; n += 1) await service.getQueueClient(`${prefix}-${String(n).padStart(2, "0")}`).create();
  const pages = await all(service.listQueues({ prefix }).byPage({ maxPageSize: 5 }));
  assert.deepEqual(pages.map((page) => page.queueItems.length), [5, 5, 2]);
  const names = pages.flatMap((page) => page.queueItems.map((item) => item.name));
  assert.deepEqual(names, [...names].sort());
});

check("names are checked", async () => {
  await refused(service.getQueueClient("Upper").create(), 400, "InvalidResourceName");
  await refused(service.getQueueClient("ab").create(), 400, "OutOfRangeInput");
});

check("a message is sent, received, hidden and deleted", async () => {
  const client = await queue();
  const sent = await client.sendMessage("one <&> \"two\" 🌉");
  assert(sent.messageId && sent.popReceipt && sent.insertedOn && sent.expiresOn && sent.nextVisibleOn);
  assert.equal((await client.getProperties()).approximateMessagesCount, 1);
  const { receivedMessageItems: [message] } = await client.receiveMessages();
  assert.equal(message.messageText, "one <&> \"two\" 🌉");
  assert.equal(message.messageId, sent.messageId);
  assert.equal(message.dequeueCount, 1);
  assert.deepEqual((await client.receiveMessages()).receivedMessageItems, []);
  assert.deepEqual((await client.peekMessages()).peekedMessageItems, []);
  await refused(client.deleteMessage(message.messageId, sent.popReceipt), 400, "PopReceiptMismatch");
  await client.deleteMessage(message.messageId, message.popReceipt);
  await refused(client.deleteMessage(message.messageId, message.popReceipt), 404, "MessageNotFound");
  assert.equal((await client.getProperties()).approximateMessagesCount, 0);
});

check("an update changes text, visibility and receipt", async () => {
  const client = await queue();
  await client.sendMessage("before");
  const { receivedMessageItems: [message] } = await client.receiveMessages({ visibilityTimeout: 60 });
  const updated = await client.updateMessage(message.messageId, message.popReceipt, "after", 0);
  assert.notEqual(updated.popReceipt, message.popReceipt);
  await refused(client.updateMessage(message.messageId, message.popReceipt, "again", 0), 400, "PopReceiptMismatch");
  const { receivedMessageItems: [again] } = await client.receiveMessages();
  assert.deepEqual([again.messageText, again.dequeueCount], ["after", 2]);
  const kept = await client.updateMessage(again.messageId, again.popReceipt, undefined, 0);
  const { peekedMessageItems: [peeked] } = await client.peekMessages();
  assert.deepEqual([peeked.messageText, peeked.dequeueCount], ["after", 2]);
  await client.deleteMessage(again.messageId, kept.popReceipt);
});

check("messages come in the order they were sent, up to 32 at a time", async () => {
  const client = await queue();
  for (let n = 0; n < 40; n += 1) await client.sendMessage(String(n));
  const { peekedMessageItems } = await client.peekMessages({ numberOfMessages: 32 });
  assert.equal(peekedMessageItems.length, 32);
  const first = await client.receiveMessages({ numberOfMessages: 32 });
  const second = await client.receiveMessages({ numberOfMessages: 32 });
  const texts = [...first.receivedMessageItems, ...second.receivedMessageItems].map((message) => message.messageText);
  assert.deepEqual(texts, Array.from({ length: 40 }, (_, n) => String(n)));
});

check("a delayed message waits, a hidden one comes back, an old one is gone", async () => {
  const client = await queue();
  await client.sendMessage("delayed", { visibilityTimeout: 2 });
  await client.sendMessage("short-lived", { messageTimeToLive: 1 });
  await client.sendMessage("eternal", { messageTimeToLive: -1 });
  const first = await client.receiveMessages({ numberOfMessages: 32, visibilityTimeout: 1 });
  assert.deepEqual(first.receivedMessageItems.map((message) => message.messageText), ["short-lived", "eternal"]);
  assert.equal(first.receivedMessageItems[1].expiresOn.getUTCFullYear(), 9999);
  const deadline = Date.now() + 10_000;
  const seen = new Map();
  while (seen.size < 2 && Date.now() < deadline) {
    const { receivedMessageItems } = await client.receiveMessages({ numberOfMessages: 32, visibilityTimeout: 60 });
    for (const message of receivedMessageItems) seen.set(message.messageText, message.dequeueCount);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assert.deepEqual(Object.fromEntries(seen), { eternal: 2, delayed: 1 });
});

check("parameters out of range are refused", async () => {
  const client = await queue();
  await refused(client.receiveMessages({ numberOfMessages: 33 }), 400, "OutOfRangeQueryParameterValue");
  await refused(client.receiveMessages({ visibilityTimeout: 604801 }), 400, "OutOfRangeQueryParameterValue");
  await refused(client.peekMessages({ numberOfMessages: 33 }), 400, "OutOfRangeQueryParameterValue");
  await refused(client.sendMessage("x", { visibilityTimeout: 604801 }), 400, "OutOfRangeQueryParameterValue");
  await refused(client.sendMessage("x", { messageTimeToLive: 0 }), 400, "InvalidQueryParameterValue");
  await refused(
    client.sendMessage("x", { messageTimeToLive: 5, visibilityTimeout: 5 }), 400, "InvalidQueryParameterValue");
});

check("a message has at most 64 KiB", async () => {
  const client = await queue();
  const largest = "x".repeat(65536);
  await client.sendMessage(largest);
  assert.equal((await client.peekMessages()).peekedMessageItems[0].messageText, largest);
  await refused(client.sendMessage(`${largest}x`), 413, "RequestBodyTooLarge");
});

check("white space around a message is part of it", async () => {
  const client = await queue();
  await client.sendMessage("  padded  ");
  assert.equal((await client.peekMessages()).peekedMessageItems[0].messageText, "  padded  ");
});

check("a cleared queue is empty", async () => {
  const client = await queue();
  for (let n = 0; n < 5; n += 1) await client.sendMessage("x");
  await client.clearMessages();
  assert.equal((await client.getProperties()).approximateMessagesCount, 0);
});

check("operations on a missing queue are refused", async () => {
  const client = service.getQueueClient(fresh("missing"));
  await refused(client.sendMessage("x"), 404, "QueueNotFound");
  await refused(client.receiveMessages(), 404, "QueueNotFound");
  await refused(client.getProperties(), 404, "QueueNotFound");
  await refused(client.clearMessages(), 404, "QueueNotFound");
});

check("a signature allows what it says and nothing else", async () => {
  const client = await queue();
  await client.sendMessage("x");
  const signed = (permissions, expiresOn = new Date(Date.now() + 3_600_000)) => {
    const values = { queueName: client.name, permissions: QueueSASPermissions.parse(permissions), expiresOn };
    const sas = generateQueueSASQueryParameters(values, key).toString();
    return new QueueServiceClient(`${urls.queue}?${sas}`).getQueueClient(client.name);
  };
  await signed("a").sendMessage("y");
  await refused(signed("a").peekMessages(), 403);
  await signed("r").peekMessages();
  await refused(signed("r").sendMessage("z"), 403);
  await refused(signed("r").receiveMessages(), 403);
  const { receivedMessageItems: [message] } = await signed("p").receiveMessages();
  const updated = await signed("u").updateMessage(message.messageId, message.popReceipt, "new", 30);
  await refused(signed("u").deleteMessage(message.messageId, updated.popReceipt), 403);
  await signed("p").deleteMessage(message.messageId, updated.popReceipt);
  await refused(signed("a", new Date(Date.now() - 60_000)).sendMessage("late"), 403, "AuthenticationFailed");
  const other = await queue();
  const elsewhere = new QueueServiceClient(signed("a").url.replace(`/${client.name}`, "")).getQueueClient(other.name);
  await refused(elsewhere.sendMessage("lost"), 403, "AuthenticationFailed");
});

check("a stored access policy can be taken back", async () => {
  const client = await queue();
  const policy = { startsOn: new Date(Date.now() - 60_000), expiresOn: new Date(Date.now() + 3_600_000), permissions: "a" };
  await client.setAccessPolicy([{ id: "senders", accessPolicy: policy }]);
  const { signedIdentifiers } = await client.getAccessPolicy();
  assert.deepEqual([signedIdentifiers[0].id, signedIdentifiers[0].accessPolicy.permissions], ["senders", "a"]);
  const sas = generateQueueSASQueryParameters({ queueName: client.name, identifier: "senders" }, key).toString();
  const sender = new QueueServiceClient(`${urls.queue}?${sas}`).getQueueClient(client.name);
  await sender.sendMessage("x");
  await client.setAccessPolicy([]);
  await refused(sender.sendMessage("x"), 403);
});

check("ten senders and ten receivers lose and double nothing", async () => {
  const client = await queue();
  const total = 400;
  let next = 0;
  const send = async () => {
    while (next < total) await client.sendMessage(String(next++));
  };
  const got = [];
  const receive = async () => {
    while (got.length < total) {
      const { receivedMessageItems } = await client.receiveMessages({ numberOfMessages: 10, visibilityTimeout: 300 });
      for (const message of receivedMessageItems) {
        got.push(Number(message.messageText));
        await client.deleteMessage(message.messageId, message.popReceipt);
      }
    }
  };
  await Promise.all([...Array(10).fill().map(send), ...Array(10).fill().map(receive)]);
  assert.deepEqual(got.sort((a, b) => a - b), Array.from({ length: total }, (_, n) => n));
});

check("the service's properties are given back", async () => {
  const { cors } = await service.getProperties();
  const rule = { allowedOrigins: "http://127.0.0.1", allowedMethods: "GET", allowedHeaders: "*", exposedHeaders: "*", maxAgeInSeconds: 5 };
  await service.setProperties({ cors: [rule] });
  assert.deepEqual((await service.getProperties()).cors, [rule]);
  await service.setProperties({ cors: cors ?? [] });
});

await run();
