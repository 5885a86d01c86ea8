// The official SDKs for JavaScript for the schema registry: `node schemas.mjs AMQP HTTP_URL BLOB_URL`.
//
// They send a token only over TLS, and there is none here: what passes between them and the network, their `httpClient`, is
// told to leave it out. Nothing else is changed.
import assert from "node:assert/strict";
import { createDefaultHttpClient } from "@azure/core-rest-pipeline";
import { SchemaRegistryClient } from "@azure/schema-registry";
import { AvroSerializer } from "@azure/schema-registry-avro";
import { check, hub, producer, received, run, urls } from "./harness.mjs";

const inner = createDefaultHttpClient();
const httpClient = {
  sendRequest(request) {
    request.url = request.url.replace(/^https:/, "http:");
    request.allowInsecureConnection = true;
    return inner.sendRequest(request);
  },
};
const anybody = { getToken: async () => ({ token: "anybody", expiresOnTimestamp: Date.now() + 3_600_000 }) };
const client = new SchemaRegistryClient(urls.http.replace(/^http:/, "https:"), anybody, {
  httpClient,
  retryOptions: { maxRetries: 0 },
});

/** Makes a group of schemas, as Terraform or the portal does elsewhere. */
async function group(name, schemaCompatibility, schemaType = "Avro") {
  const answer = await fetch(`${urls.http}$schemaGroups/${name}?api-version=2023-07-01`, {
    method: "PUT",
    headers: { authorization: "Bearer anybody", "content-type": "application/json" },
    body: JSON.stringify({ schemaType, schemaCompatibility, groupProperties: { team: "customer" } }),
  });
  assert.equal(answer.status, 201, await answer.text());
}

const field = (name, type = "string", more = {}) => ({ name, type, ...more });
const optional = (name) => field(name, ["null", "string"], { default: null });
/** A visit to a mountain hut: a schema of our own. */
const visit = (...fields) =>
  JSON.stringify({ type: "record", name: "Visited", namespace: "com.iommi.huts", fields: [field("visitId"), ...fields] });
const described = (groupName, definition, name = "com.iommi.huts.Visited", format = "Avro") => ({
  groupName, name, format, definition,
});

check("a schema is registered, and found by content and by id", async () => {
  await group("js-found", "Backward");
  const schema = described("js-found", visit());
  const registered = await client.registerSchema(schema);
  assert.match(registered.id, /^[0-9a-f]{32}$/);
  assert.deepEqual([registered.version, registered.groupName, registered.name], [1, "js-found", schema.name]);
  assert.equal((await client.registerSchema(schema)).id, registered.id);
  assert.equal((await client.getSchemaProperties(schema)).id, registered.id);
  const got = await client.getSchema(registered.id);
  assert.deepEqual([got.definition, got.properties.format], [schema.definition, "Avro"]);
  const second = await client.registerSchema(described("js-found", visit(optional("weather"))));
  assert.equal(second.version, 2);
  const byVersion = await client.getSchema(schema.name, "js-found", 2);
  assert.equal(byVersion.properties.id, second.id);
});

check("what was never registered is not found", async () => {
  await group("js-missing", "None");
  await client.registerSchema(described("js-missing", visit()));
  const missing = client.getSchemaProperties(described("js-missing", visit(field("height", "int"))));
  await assert.rejects(missing, (error) => error.statusCode === 404);
  await assert.rejects(client.getSchema("0".repeat(32)), (error) => error.statusCode === 404);
});

check("each mode takes of five versions what it is there for, and refuses with rule, field and cure", async () => {
  const versions = [
    visit(field("arrivedAt"), field("hutId")),
    visit(field("arrivedAt"), field("hutId"), optional("weather")),
    visit(field("arrivedAt"), field("hutId"), optional("weather"), field("party")),
    visit(field("arrivedAt"), optional("weather")),
    visit(field("reachedAt"), optional("weather")),
  ];
  for (const [mode, taken, path] of [
    ["Backward", [true, true, false, true, false], "$.party"],
    ["Forward", [true, true, true, false, false], "$.hutId"],
  ]) {
    await group(`js-${mode}`, mode);
    const refusals = [];
    for (const [index, definition] of versions.entries()) {
      const registering = client.registerSchema(described(`js-${mode}`, definition));
      const refusal = await registering.then(() => undefined, (error) => error);
      assert.equal(refusal === undefined, taken[index], `${mode} ${index + 1}: ${refusal}`);
      if (refusal) refusals.push(refusal);
    }
    assert.equal(refusals[0].statusCode, 400);
    for (const part of ["field-missing", path, mode.toLowerCase()]) {
      assert.ok(refusals[0].message.includes(part), `${part}: ${refusals[0].message}`);
    }
  }
});

check("a serializer's event goes over a hub and is read with the schema of its id", async () => {
  await group("js-serialized", "Backward");
  const serializer = new AvroSerializer(client, { groupName: "js-serialized", autoRegisterSchemas: true });
  const told = { visitId: "v1", weather: "fog" };
  const message = await serializer.serialize(told, visit(optional("weather")));
  assert.match(message.contentType, /^avro\/binary\+[0-9a-f]{32}$/);
  const name = await hub(1);
  const batch = { body: Buffer.from(message.data), contentType: message.contentType };
  await producer(name).sendBatch([batch]);
  const [event] = await received(name, 1);
  // Without what it keeps in memory: the schema comes by its id.
  const reader = new AvroSerializer(client, { groupName: "js-serialized" });
  assert.deepEqual({ ...(await reader.deserialize({ data: event.body, contentType: event.contentType })) }, told);
  // And one that does not register finds the schema by its content.
  const again = await reader.serialize(told, visit(optional("weather")));
  assert.equal(again.contentType, message.contentType);
});

check("schemas of other kinds come back as they were", async () => {
  await group("js-json", "None", "Json");
  const definition = JSON.stringify({ title: "Visited", type: "object" });
  const json = await client.registerSchema(described("js-json", definition, "Visited", "Json"));
  const got = await client.getSchema(json.id);
  assert.deepEqual([got.definition, got.properties.format], [definition, "Json"]);
  await group("js-custom", "None", "Custom");
  const custom = await client.registerSchema(described("js-custom", "a hut = stones", "Hut", "Custom"));
  assert.equal((await client.getSchema(custom.id)).definition, "a hut = stones");
});

await run();
