// What functions/profiles does for GET v1/profiles/{id} and GET v1/health/live, as people write it for Node.
import { randomUUID } from "node:crypto";
import { CosmosClient } from "@azure/cosmos";
import fastify from "fastify";

const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const PROBLEMS = "/v1/docs#";
// Weakly compared, as RFC 9110 asks.
const TAGS = /^(?:W\/)?"([\x21\x23-\x7e]*)"$/;

const environment = process.env;
// The key of Microsoft's emulator, the same for everybody: this SDK sends tokens over https only. Signing is some 20 µs.
const key = "C2y6yDjf5/R+ob0N8A7Cgv30VRDJIWEHLM+4QDU5DE2nQ9nDuVTqobD4b8mGGyPMbIZnqyMsEcaGQy67XIw/Jw==";
const cosmos = new CosmosClient({ endpoint: environment.COSMOS__accountEndpoint, key });
const profiles = cosmos.database("profiles").container("profiles");

function problem(request, reply, status, slug, title, detail, more = {}) {
  const invocation = request.headers["x-azure-functions-invocationid"] ?? randomUUID();
  const document = { ...more, type: PROBLEMS + slug, title, status, detail, instance: `urn:uuid:${invocation}` };
  return reply.code(status).header("content-type", "application/problem+json").send(JSON.stringify(document));
}

function isKnown(header, tag) {
  if (header === undefined) return false;
  return header.trim() === "*" || header.split(",").some((one) => TAGS.exec(one.trim())?.[1] === tag);
}

function view(document) {
  const { id, account, givenName, familyName, age, address, picture, photos, subscriptions } = document;
  return {
    id,
    account: { id: account.id, emailAddress: account.emailAddress, userName: account.userName },
    givenName,
    familyName,
    age,
    address: address && { street: address.street, city: address.city, postalCode: address.postalCode, country: address.country },
    picture,
    photos: photos.map((photo) => ({ id: photo.id, state: photo.state })),
    subscriptions: subscriptions.map(({ serviceId, since }) => ({ serviceId, since })),
    revision: document.revision,
    createdAt: document.createdAt,
    updatedAt: document.updatedAt,
    schemaVersion: document.schemaVersion,
  };
}

const server = fastify({ logger: false });

server.get("/v1/health/live", (_, reply) => reply.header("cache-control", "no-store").send({ status: "live" }));

server.get("/v1/profiles/:id", async (request, reply) => {
  const { id } = request.params;
  if (!ID.test(id)) {
    const errors = [{ parameter: "profileId", detail: "must be a UUID" }];
    return problem(request, reply, 400, "invalid-parameter", "A parameter is not valid", "profileId: must be a UUID", { errors });
  }
  const { resource } = await profiles.item(id, id).read();
  if (resource?.state !== "active") {
    const detail = `no profile has the id ${id}; it never existed or was erased`;
    return problem(request, reply, 404, "no-such-profile", "There is no such profile", detail);
  }
  const tag = String(resource.revision);
  reply.header("etag", `"${tag}"`);
  if (isKnown(request.headers["if-none-match"], tag)) return reply.code(304).send();
  return view(resource);
});

server.setErrorHandler((error, request, reply) => 
  problem(request, reply, 503, "unavailable", "The service is not available", "try again in a moment"));

await server.listen({ host: "127.0.0.1", port: Number(environment.FUNCTIONS_CUSTOMHANDLER_PORT) });
