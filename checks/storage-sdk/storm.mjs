// Thousands of operations of the official SDKs for JavaScript, timed: `node storm.mjs BLOB_URL QUEUE_URL`.
// Prints the milliseconds of each part as one line of JSON.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { BlobServiceClient } from "@azure/storage-blob";
import { QueueServiceClient } from "@azure/storage-queue";
import { all, connection, fresh } from "./harness.mjs";

const MIB = 1024 * 1024;
const CONCURRENCY = 16;
const times = {};

async function timed(name, work) {
  const started = performance.now();
  await work();
  times[name] = Math.round(performance.now() - started);
}

/** Runs `work(n)` for n from 0 to count - 1, some of them at a time. */
async function each(count, work) {
  let next = 0;
  const worker = async () => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
}

const queue = QueueServiceClient.fromConnectionString(connection).getQueueClient(fresh("storm"));
const container = BlobServiceClient.fromConnectionString(connection).getContainerClient(fresh("storm"));
await Promise.all([queue.create(), container.create()]);

await timed("send 2,000 messages", () => each(2_000, (n) => queue.sendMessage(`message ${n}`)));
await timed("receive and delete 2,000 messages", async () => {
  let left = 2_000;
  await each(2_000 / 20, async () => {
    const { receivedMessageItems } = await queue.receiveMessages({ numberOfMessages: 20, visibilityTimeout: 600 });
    for (const { messageId, popReceipt } of receivedMessageItems) await queue.deleteMessage(messageId, popReceipt);
    left -= receivedMessageItems.length;
  });
  assert.equal(left, 0);
});
const small = randomBytes(10_000);
const name = (n) => `dir-${n % 10}/${n}.bin`;
await timed("put 1,000 blobs of 10 kB", () => each(1_000, (n) => container.uploadBlockBlob(name(n), small, small.length)));
await timed("get 1,000 blobs of 10 kB", () => each(1_000, (n) => container.getBlobClient(name(n)).downloadToBuffer()));
await timed("list 1,000 blobs in pages of 100", async () => {
  const pages = await all(container.listBlobsFlat().byPage({ maxPageSize: 100 }));
  assert.equal(pages.length, 10);
});
const large = randomBytes(64 * MIB);
const blob = container.getBlockBlobClient("large.bin");
await timed("upload 64 MiB in blocks of 4 MiB", () => blob.uploadData(large, { blockSize: 4 * MIB, maxSingleShotSize: MIB, concurrency: 4 }));
await timed("download 64 MiB", async () => assert(large.equals(await blob.downloadToBuffer(0, undefined, { blockSize: 4 * MIB, concurrency: 4 }))));
await Promise.all([queue.delete(), container.delete()]);
console.log(JSON.stringify(times));
