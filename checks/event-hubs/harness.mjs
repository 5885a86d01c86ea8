// What the checks in JavaScript have in common: `node hubs.mjs AMQP HTTP_URL BLOB_URL`.
// Prints one line per check and "N passed, N failed"; exits with 1 when one failed.
import assert from "node:assert/strict";
import { EventHubConsumerClient, EventHubProducerClient } from "@azure/event-hubs";

const [amqp = "127.0.0.1:5672", httpUrl = "http://127.0.0.1:5300/", blobUrl = "http://127.0.0.1:10000/devstoreaccount1"] =
  process.argv.slice(2);
const deadlineMs = 30_000;

/** A connection string with this key; the well-known one opens everything. */
export function connection(key = "SAS_KEY_VALUE") {
  return `Endpoint=sb://${amqp};SharedAccessKeyName=RootManageSharedAccessKey;SharedAccessKey=${key};UseDevelopmentEmulator=true`;
}

export const urls = { http: httpUrl, blob: blobUrl };
const checks = [];
const open = [];

export function check(name, run) {
  checks.push([name, run]);
}

let names = 0;
/** Declares a hub that no other check uses, and returns its name. */
export async function hub(partitions = 4) {
  names += 1;
  const name = `hub-${process.pid}-${names}`;
  const answer = await fetch(`${httpUrl}$local/eventhubs/${name}`, { method: "PUT", body: JSON.stringify({ partitions }) });
  assert.equal(answer.status, 201);
  return name;
}

/** What is closed when the check ends. */
function closing(client) {
  open.push(client);
  return client;
}

export const producer = (name, options) => closing(new EventHubProducerClient(connection(), name, options));
export const consumer = (name, group = "$Default", ...more) =>
  closing(new EventHubConsumerClient(group, connection(), name, ...more));

/** Waits until the condition gives something. */
export async function eventually(what, condition) {
  const end = Date.now() + deadlineMs;
  for (;;) {
    const found = await condition();
    if (found) return found;
    if (Date.now() > end) throw new Error(`${what}: not within ${deadlineMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** The first so many events of a hub, or of one partition, from a position on. */
export async function received(name, count, { partition, from, ...options } = {}) {
  const client = consumer(name);
  const events = [];
  const errors = [];
  const handlers = {
    processEvents: async (batch, context) => {
      for (const event of batch) events.push({ ...event, partition: context.partitionId });
    },
    processError: async (error) => errors.push(error),
  };
  const start = { startPosition: from ?? { offset: "-1" }, maxBatchSize: 100, maxWaitTimeInSeconds: 1, ...options };
  const subscription =
    partition === undefined ? client.subscribe(handlers, start) : client.subscribe(partition, handlers, start);
  try {
    await eventually(`${count} events`, () => {
      if (errors.length > 0) throw errors[0];
      return events.length >= count;
    });
  } finally {
    await subscription.close();
  }
  assert.equal(events.length, count, "no more than were sent");
  return events;
}

export async function run() {
  let passed = 0;
  for (const [name, body] of checks) {
    try {
      await body();
      passed += 1;
      console.log(`ok    ${name}`);
    } catch (error) {
      console.log(`FAIL  ${name}\n      ${error.stack ?? error}`);
    }
    for (const client of open.splice(0)) await client.close().catch(() => {});
  }
  console.log(`${passed} passed, ${checks.length - passed} failed`);
  process.exit(passed === checks.length ? 0 : 1);
}
