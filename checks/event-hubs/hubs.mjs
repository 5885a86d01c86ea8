// The official Event Hubs SDK for JavaScript, unchanged.
import assert from "node:assert/strict";
import { EventHubProducerClient } from "@azure/event-hubs";
import { BlobCheckpointStore } from "@azure/eventhubs-checkpointstore-blob";
import { ContainerClient, StorageSharedKeyCredential } from "@azure/storage-blob";
import { check, connection, consumer, eventually, hub, producer, received, run, urls } from "./harness.mjs";

check("a hub and its partitions are described", async () => {
  const name = await hub(3);
  const client = producer(name);
  const properties = await client.getEventHubProperties();
  assert.deepEqual([properties.name, properties.partitionIds], [name, ["0", "1", "2"]]);
  assert.ok(Math.abs(Date.now() - properties.createdOn) < 60_000);
  const empty = await client.getPartitionProperties("1");
  assert.deepEqual([empty.isEmpty, empty.lastEnqueuedSequenceNumber], [true, -1]);
  await client.sendBatch([{ body: "x" }], { partitionId: "1" });
  const one = await client.getPartitionProperties("1");
  assert.deepEqual([one.isEmpty, one.beginningSequenceNumber, one.lastEnqueuedSequenceNumber], [false, 0, 0]);
});

check("a batch with a key arrives in its order with all that was said of its events", async () => {
  const name = await hub();
  const client = producer(name);
  const batch = await client.createBatch({ partitionKey: "account-1" });
  assert.equal(batch.maxSizeInBytes, 1_048_576);
  const properties = { "cloudEvents:type": "a.b", n: 7, d: 0.5, t: true };
  assert.ok(batch.tryAdd({ body: { n: 1 }, properties, contentType: "application/json", messageId: "m1", correlationId: "c1" }));
  assert.ok(batch.tryAdd({ body: Buffer.from([0, 255]) }));
  await client.sendBatch(batch);
  const [first, second] = await received(name, 2);
  assert.deepEqual([first.partition, first.partitionKey, first.sequenceNumber], ["2", "account-1", 0]);
  assert.deepEqual([first.body, first.properties], [{ n: 1 }, properties]);
  assert.deepEqual([first.contentType, first.messageId, first.correlationId], ["application/json", "m1", "c1"]);
  assert.deepEqual([...second.body], [0, 255]);
  assert.ok(Number(second.offset) > Number(first.offset));
});

check("keys lie in the partitions that the service chooses", async () => {
  const vectors = { a: 28, k1: 8, "account-1": 6, "contact-42": 22, Åsa: 13, 12345678901: 17, 123456789012: 21, 1234567890123: 26 };
  const name = await hub(32);
  const client = producer(name);
  for (const key of Object.keys(vectors)) await client.sendBatch([{ body: key }], { partitionKey: key });
  const events = await received(name, Object.keys(vectors).length);
  const lying = Object.fromEntries(events.map((event) => [event.partitionKey, Number(event.partition)]));
  assert.deepEqual(lying, vectors);
});

check("an event too large for a batch is left out", async () => {
  const batch = await producer(await hub(1)).createBatch();
  assert.equal(batch.tryAdd({ body: Buffer.alloc(1_100_000) }), false);
  assert.equal(batch.tryAdd({ body: Buffer.alloc(1_000_000) }), true);
});

check("a partition is read from an offset, a number, a moment, and its end", async () => {
  const name = await hub(1);
  const client = producer(name);
  for (const body of ["a", "b", "c"]) {
    await client.sendBatch([{ body }]);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  const [, second] = await received(name, 3, { partition: "0" });
  const bodies = async (count, from) => (await received(name, count, { partition: "0", from })).map((event) => event.body);
  assert.deepEqual(await bodies(1, { offset: second.offset }), ["c"]);
  assert.deepEqual(await bodies(2, { offset: second.offset, isInclusive: true }), ["b", "c"]);
  assert.deepEqual(await bodies(2, { sequenceNumber: 1, isInclusive: true }), ["b", "c"]);
  assert.deepEqual(await bodies(1, { enqueuedOn: second.enqueuedTimeUtc }), ["c"]);

  const latest = [];
  const subscription = consumer(name).subscribe(
    "0",
    { processEvents: async (events) => latest.push(...events.map((event) => event.body)), processError: async () => {} },
    { startPosition: { offset: "@latest" }, maxWaitTimeInSeconds: 1 },
  );
  await eventually("what is new", async () => {
    await client.sendBatch([{ body: "new" }]);
    return latest.length > 0;
  });
  await subscription.close();
  assert.ok(latest.every((body) => body === "new"));
});

check("readers are told how far their partition goes", async () => {
  const name = await hub(1);
  await producer(name).sendBatch([{ body: "a" }, { body: "b" }]);
  const contexts = [];
  const client = consumer(name);
  const subscription = client.subscribe(
    "0",
    {
      processEvents: async (events, context) => events.length && contexts.push(context.lastEnqueuedEventProperties),
      processError: async () => {},
    },
    { startPosition: { offset: "-1" }, trackLastEnqueuedEventProperties: true },
  );
  await eventually("events", () => contexts.length > 0);
  await subscription.close();
  assert.equal(contexts[0].sequenceNumber, 1);
});

check("a reader with a higher epoch displaces one with a lower, and not the other way round", async () => {
  const name = await hub(1);
  const closed = {};
  const subscribe = (who, ownerLevel) =>
    consumer(name, "$Default", { retryOptions: { maxRetries: 0 } }).subscribe(
      "0",
      {
        processEvents: async () => {},
        processError: async (error) => (closed[who] ??= error.code ?? error.name),
        processInitialize: async () => (closed[`${who} began`] = true),
      },
      { startPosition: { offset: "-1" }, ownerLevel, maxWaitTimeInSeconds: 1 },
    );
  const low = subscribe("low", 1);
  await eventually("the first reads", async () => closed["low began"]);
  // It has its link once an event can reach it.
  await producer(name).sendBatch([{ body: "x" }]);
  const high = subscribe("high", 5);
  await eventually("the first is displaced", () => closed.low);
  assert.equal(closed.low, "ReceiverDisconnectedError");
  const late = subscribe("late", 2);
  await eventually("the late one is kept out", () => closed.late);
  assert.equal(closed.late, "ReceiverDisconnectedError");
  assert.equal(closed.high, undefined);
  for (const subscription of [low, high, late]) await subscription.close();
});

check("a hub that was not declared is not found, and a wrong key opens nothing", async () => {
  const retryOptions = { maxRetries: 0 };
  const missing = producer("nowhere", { retryOptions });
  await assert.rejects(missing.sendBatch([{ body: "x" }]), (error) => !error.retryable && /nowhere|found/.test(error.message));
  const stranger = new EventHubProducerClient(connection("another"), await hub(1), { retryOptions });
  await assert.rejects(stranger.sendBatch([{ body: "x" }]));
  await stranger.close();
});

check("what is published over HTTP is read over AMQP", async () => {
  const name = await hub();
  const answer = await fetch(`${urls.http}${name}/messages`, {
    method: "POST",
    headers: {
      authorization: "Bearer anybody",
      "content-type": "application/vnd.microsoft.servicebus.json",
    },
    body: JSON.stringify([{ Body: "{\"n\":1}", UserProperties: { kind: "a", n: 2 }, BrokerProperties: { PartitionKey: "k1" } }]),
  });
  assert.equal(answer.status, 201);
  const [event] = await received(name, 1);
  assert.deepEqual([event.partition, event.partitionKey, event.properties], ["0", "k1", { kind: "a", n: 2 }]);
  assert.deepEqual(event.body, { n: 1 });
});

check("a processor goes on behind its checkpoint in a blob", async () => {
  const name = await hub(2);
  const account = "devstoreaccount1";
  const key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";
  const container = new ContainerClient(`${urls.blob}/${name}`, new StorageSharedKeyCredential(account, key));
  await container.create();
  const client = producer(name);
  const processed = async (count) => {
    const bodies = [];
    const processor = consumer(name, "$Default", new BlobCheckpointStore(container), {
      loadBalancingOptions: { strategy: "greedy", updateIntervalInMs: 200 },
    });
    const subscription = processor.subscribe(
      {
        processEvents: async (events, context) => {
          if (events.length === 0) return;
          await context.updateCheckpoint(events[events.length - 1]);
          bodies.push(...events.map((event) => event.body));
        },
        processError: async () => {},
      },
      { startPosition: { offset: "-1" }, maxWaitTimeInSeconds: 1 },
    );
    await eventually(`${count} events`, () => bodies.length >= count);
    await subscription.close();
    return bodies.sort();
  };
  await client.sendBatch([{ body: "a" }], { partitionId: "0" });
  await client.sendBatch([{ body: "b" }], { partitionId: "1" });
  assert.deepEqual(await processed(2), ["a", "b"]);
  await client.sendBatch([{ body: "c" }], { partitionId: "0" });
  assert.deepEqual(await processed(1), ["c"]);
});

await run();
