// How long thousands of events take: `node storm.mjs AMQP HTTP_URL BLOB_URL`.
import { hub, producer, received, urls } from "./harness.mjs";

const body = "x".repeat(1_000);
const seconds = (began) => ((performance.now() - began) / 1_000).toFixed(1);

const name = await hub(4);
const client = producer(name);
let began = performance.now();
for (let sent = 0; sent < 10_000; sent += 500) {
  const batch = await client.createBatch({ partitionId: String((sent / 500) % 4) });
  for (let n = 0; n < 500; n += 1) batch.tryAdd({ body });
  await client.sendBatch(batch);
}
console.log(`AMQP, send 10,000 events of 1 kB in batches of 500: ${seconds(began)} s`);
began = performance.now();
await received(name, 10_000);
console.log(`AMQP, receive 10,000 events: ${seconds(began)} s`);

const items = JSON.stringify(Array.from({ length: 500 }, () => ({ Body: body })));
const headers = { authorization: "Bearer anybody", "content-type": "application/vnd.microsoft.servicebus.json" };
began = performance.now();
for (let sent = 0; sent < 10_000; sent += 500) {
  await fetch(`${urls.http}${name}/messages`, { method: "POST", headers, body: items });
}
console.log(`HTTP, send 10,000 events of 1 kB in batches of 500: ${seconds(began)} s`);
process.exit(0);
