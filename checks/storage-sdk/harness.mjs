// What the checks in JavaScript have in common: `node blob.mjs BLOB_URL QUEUE_URL`.
// Prints one line per check and "N passed, N failed"; exits with 1 when one failed.
import assert from "node:assert/strict";
import { StorageSharedKeyCredential } from "@azure/storage-blob";

const [blobUrl = "http://127.0.0.1:10000/devstoreaccount1", queueUrl = "http://127.0.0.1:10001/devstoreaccount1"] =
  process.argv.slice(2);
const account = "devstoreaccount1";
// The published key of the development account, the same for everybody.
const key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

export const connection =
  `DefaultEndpointsProtocol=http;AccountName=${account};AccountKey=${key};` +
  `BlobEndpoint=${blobUrl};QueueEndpoint=${queueUrl};`;
export const credential = new StorageSharedKeyCredential(account, key);
export const urls = { blob: blobUrl, queue: queueUrl };

const checks = [];

export function check(name, run) {
  checks.push([name, run]);
}

/** The promise must fail with this status and, if it is given, this error code. */
export async function refused(promise, status, code) {
  await assert.rejects(promise, (error) => {
    const seen = error.code ?? error.details?.errorCode;
    assert.equal(error.statusCode, status, `${error.statusCode} ${seen} instead of ${status} ${code}: ${error.message}`);
    if (code) assert.equal(seen, code, error.message);
    return true;
  });
}

let names = 0;
/** A name that no other check uses, valid for queues and containers. */
export function fresh(kind) {
  names += 1;
  return `${kind}-${process.pid}-${names}`;
}

export async function all(iterator) {
  const items = [];
  for await (const item of iterator) items.push(item);
  return items;
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
  }
  console.log(`${passed} passed, ${checks.length - passed} failed`);
  process.exitCode = passed === checks.length ? 0 : 1;
}
