// Signatures of the kind v1a against the Ed25519 of Node, which is OpenSSL's: `node asymmetric.mjs PROGRAM`.
// The specification's libraries do not have them yet.
import assert from "node:assert/strict";
import { generateKeyPairSync, sign, verify } from "node:crypto";
import { ODD_BODIES, Ours, check, newMessage, newSecret, now, run } from "./harness.mjs";

const ours = new Ours(process.argv[2]);

const base64 = (text) => Buffer.from(text, "base64url");
const content = ({ id, at, body }) => Buffer.from(`${id}.${at}.${body}`);

/** A key pair of OpenSSL, and as the specification writes it. */
function newPair() {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const { d, x } = privateKey.export({ format: "jwk" });
  const written = Buffer.concat([base64(d), base64(x)]).toString("base64");
  return { privateKey, publicKey, whsk: `whsk_${written}`, whpk: `whpk_${base64(x).toString("base64")}` };
}

function theirs(pair, message) {
  const signature = sign(null, content(message), pair.privateKey).toString("base64");
  const { id, at } = message;
  return { "webhook-id": id, "webhook-timestamp": String(at), "webhook-signature": `v1a,${signature}` };
}

const signatureOf = (headers) => base64(headers["webhook-signature"].replace("v1a,", ""));

check("both make the same signature, since Ed25519 draws nothing", async () => {
  for (const body of ODD_BODIES) {
    const [pair, message] = [newPair(), newMessage({ body })];
    const headers = await ours.sign([pair.whsk], message);
    assert.deepEqual(headers, theirs(pair, message));
    assert.ok(verify(null, content(message), pair.publicKey, signatureOf(headers)));
  }
});

check("we believe what OpenSSL signs, and the key that it was signed with is told", async () => {
  const [fresh, old, message] = [newPair(), newPair(), newMessage()];
  const { verified, key } = await ours.verify([fresh.whpk, old.whpk], theirs(old, message), message);
  assert.deepEqual([verified, key], [message.id, 1]);
});

check("while a secret gives way to a key pair, either is enough", async () => {
  const [pair, secret, message] = [newPair(), newSecret(), newMessage()];
  const headers = await ours.sign([pair.whsk, secret], message);
  for (const key of [pair.whpk, secret]) {
    assert.equal((await ours.verify([key], headers, message)).verified, message.id);
  }
});

check("another key, body or time is refused", async () => {
  const [pair, message] = [newPair(), newMessage()];
  const headers = theirs(pair, message);
  for (const [key, body] of [[newPair().whpk, message.body], [pair.whpk, `${message.body} `], [newSecret(), message.body]]) {
    assert.match((await ours.verify([key], headers, { body })).error, /no signature is right/);
  }
  const late = newMessage({ at: now() - 600 });
  assert.match((await ours.verify([pair.whpk], theirs(pair, late), late)).error, /s ago/);
});

check("a private key that is written by itself is the same key", async () => {
  const [pair, message] = [newPair(), newMessage()];
  const alone = `whsk_${base64(pair.privateKey.export({ format: "jwk" }).d).toString("base64")}`;
  assert.deepEqual(await ours.sign([alone], message), theirs(pair, message));
});

await run(ours);
