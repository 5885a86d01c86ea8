// The specification's library for JavaScript and our crate, each verifying what the other has signed:
// `node check.mjs PROGRAM`.
import assert from "node:assert/strict";
import { Webhook, WebhookVerificationError } from "standardwebhooks";
import { ODD_BODIES, Ours, check, newMessage, newSecret, now, run } from "./harness.mjs";

const ours = new Ours(process.argv[2]);
const PRIVATE = "whsk_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8DoQe/884Qvh1w3RjnS8CZZ+TWMJulDV8d3IZkElUxuA==";

const believes = (secret, headers, body) => new Webhook(secret).verify(body, headers, { jsonParse: false });
const refuses = (secret, headers, body) =>
  assert.throws(() => believes(secret, headers, body), WebhookVerificationError);

/** What the library makes of a message. */
function theirs(secrets, { id, at, body }) {
  const signatures = secrets.map((secret) => new Webhook(secret).sign(id, new Date(at * 1000), body));
  return { "webhook-id": id, "webhook-timestamp": String(at), "webhook-signature": signatures.join(" ") };
}

check("the library believes what we sign, with secrets of every length", async () => {
  for (let bytes = 24; bytes <= 64; bytes += 1) {
    const [secret, message] = [newSecret(bytes), newMessage()];
    believes(secret, await ours.sign([secret], message), message.body);
  }
});

check("we believe what the library signs, with secrets of every length", async () => {
  for (let bytes = 24; bytes <= 64; bytes += 1) {
    const [secret, message] = [newSecret(bytes), newMessage()];
    const { verified, error } = await ours.verify([secret], theirs([secret], message), message);
    assert.equal(verified, message.id, error);
  }
});

check("both sign the same bytes, whatever is in the body", async () => {
  for (const body of ODD_BODIES) {
    const [secret, message] = [newSecret(), newMessage({ body })];
    assert.deepEqual(await ours.sign([secret], message), theirs([secret], message));
  }
});

check("while a secret changes, either is enough for the library", async () => {
  const [fresh, old, message] = [newSecret(), newSecret(), newMessage()];
  const headers = await ours.sign([fresh, old], message);
  for (const secret of [fresh, old]) believes(secret, headers, message.body);
  refuses(newSecret(), headers, message.body);
});

check("while a secret changes, either is enough for us", async () => {
  const [fresh, old, message] = [newSecret(), newSecret(), newMessage()];
  const headers = theirs([fresh, old], message);
  assert.equal((await ours.verify([fresh], headers, message)).key, 0);
  assert.equal((await ours.verify([newSecret(), old], headers, message)).key, 1);
});

check("a signature of the kind v1a beside it does not disturb the library", async () => {
  const [secret, message] = [newSecret(), newMessage()];
  for (const keys of [[secret, PRIVATE], [PRIVATE, secret]]) {
    believes(secret, await ours.sign(keys, message), message.body);
  }
});

check("another secret, body or id is refused by both", async () => {
  const [secret, message] = [newSecret(), newMessage()];
  const [signed, other] = [await ours.sign([secret], message), theirs([secret], message)];
  const changed = { ...message, body: `${message.body} ` };
  refuses(newSecret(), signed, message.body);
  refuses(secret, signed, changed.body);
  refuses(secret, { ...signed, "webhook-id": "msg_other" }, message.body);
  for (const [keys, headers, body] of [
    [[newSecret()], other, message],
    [[secret], other, changed],
    [[secret], { ...other, "webhook-id": "msg_other" }, message],
  ]) {
    assert.match((await ours.verify(keys, headers, body)).error, /no signature is right/);
  }
});

check("an attempt of ten minutes ago, or in ten minutes, is refused by both", async () => {
  for (const [off, reason] of [[-600, /s ago/], [600, /in the future/]]) {
    const [secret, message] = [newSecret(), newMessage({ at: now() + off })];
    refuses(secret, await ours.sign([secret], message), message.body);
    assert.match((await ours.verify([secret], theirs([secret], message), message)).error, reason);
  }
});

await run(ours);
