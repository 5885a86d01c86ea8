// What the checks in JavaScript have in common: a process of our crate, and a list of checks.
// Prints one line per check and "N passed, N failed"; exits with 1 when one failed.
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { createInterface } from "node:readline";

const DEADLINE_MS = 10_000;

/** A program of ours that answers each line of JSON with one. */
export class Ours {
  constructor(program) {
    this.child = spawn(program, { stdio: ["pipe", "pipe", "inherit"] });
    this.lines = createInterface({ input: this.child.stdout })[Symbol.asyncIterator]();
  }

  async ask(question) {
    this.child.stdin.write(`${JSON.stringify(question)}\n`);
    const late = new Promise((_, reject) => {
      setTimeout(() => reject(new Error("our program did not answer")), DEADLINE_MS).unref();
    });
    const { value, done } = await Promise.race([this.lines.next(), late]);
    if (done) throw new Error("our program has ended");
    return JSON.parse(value);
  }

  /** The headers of a message that is signed with these keys. */
  async sign(keys, message) {
    const { headers, error } = await this.ask({ sign: keys, ...message });
    if (error) throw new Error(error);
    return headers;
  }

  /** `{verified, key}`, or `{error}` if it is not believed. */
  async verify(keys, headers, message) {
    return await this.ask({ verify: keys, headers, now: now(), body: message.body });
  }

  end() {
    this.child.stdin.end();
  }
}

export const now = () => Math.floor(Date.now() / 1000);
export const newSecret = (bytes = 32) => `whsec_${randomBytes(bytes).toString("base64")}`;

let number = 0;
/** A message that no other check has. */
export function newMessage(changes = {}) {
  number += 1;
  const body = JSON.stringify({ type: "invoice.paid", timestamp: new Date().toISOString(), data: { number } });
  return { id: `msg_${process.pid}-${number}`, at: now(), body, ...changes };
}

/** Bodies that a careless library would change on the way. */
export const ODD_BODIES = ["", "{}", '{ "a" : 1.0 }\r\n', '{"name":"Zoë 💶 \u202e"}', "\u0000\ufeff", "a.b.c", '"'.repeat(19_999)];

const checks = [];

export function check(name, run) {
  checks.push([name, run]);
}

export async function run(ours) {
  let passed = 0;
  for (const [name, body] of checks) {
    try {
      await body();
      passed += 1;
      console.log(`ok    ${name}`);
    } catch (error) {
      console.log(`FAIL  ${name}\n      ${error.stack ?? error}`);
    }
  }
  ours.end();
  console.log(`${passed} passed, ${checks.length - passed} failed`);
  process.exitCode = passed === checks.length ? 0 : 1;
}
