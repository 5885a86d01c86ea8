// The simulated partner, to which the specification's library sends: `node partner.mjs PROGRAM PARTNER`.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { Webhook } from "standardwebhooks";
import { ODD_BODIES, Ours, check, newMessage, newSecret, run } from "./harness.mjs";

const DEADLINE_MS = 30_000;
const ours = new Ours(process.argv[2]);
const environment = { ...process.env, PORT: "0", DATA_DIR: "", PARTNER_FAULTS: "", PARTNER_RECEIVERS: "" };
const partner = spawn(process.argv[3], { env: environment, stdio: ["ignore", "pipe", "inherit"] });
process.on("exit", () => partner.kill());
const lines = createInterface({ input: partner.stdout })[Symbol.asyncIterator]();
const [, url] = (await lines.next()).value.split(" ");

const ask = (method, path, body, headers = {}) =>
  fetch(`${url}${path}`, { method, body, headers, signal: AbortSignal.timeout(DEADLINE_MS) });

async function send(headers, body) {
  return (await ask("POST", "hooks/main", body, headers)).status;
}

function theirs(secret, { id, at, body }) {
  const signature = new Webhook(secret).sign(id, new Date(at * 1000), body);
  return { "webhook-id": id, "webhook-timestamp": String(at), "webhook-signature": signature };
}

const secret = newSecret();
const put = await ask("PUT", "v1/simulation/receivers/main", JSON.stringify({ keys: [secret] }));
assert.equal(put.status, 200);

check("what the library and what we sign arrives byte for byte", async () => {
  for (const body of ODD_BODIES) {
    const [one, two] = [newMessage({ body }), newMessage({ body })];
    assert.equal(await send(theirs(secret, one), body), 200, JSON.stringify(body).slice(0, 40));
    assert.equal(await send(await ours.sign([newSecret(), secret], two), body), 200);
  }
});

check("what is changed on the way, or signed with another secret, is refused and not taken", async () => {
  const message = newMessage();
  assert.equal(await send(theirs(secret, message), `${message.body}\n`), 400);
  assert.equal(await send(theirs(newSecret(), message), message.body), 400);
  const { messages } = await (await ask("GET", `v1/simulation/received?id=${message.id}`)).json();
  assert.deepEqual([messages[0].times, messages[0].takenAt], [2, null]);
});

await run(ours);
partner.kill();
