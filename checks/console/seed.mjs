// Photos that a person must look at, uploaded as a client would.

import { landscape } from "./picture.mjs";

const PROFILES = ["01980c6e-1111-7000-8000-000000000001", "01980c6e-2222-7000-8000-000000000002"];
const AT_ONCE = 6;
const DEADLINE_MS = 100_000;
const LOOK_EVERY_MS = 50;
const CATEGORIES = ["violence", "sexual", "hate", "selfHarm"];

const told = async (response) => {
  if (!response.ok) throw new Error(`${response.status} ${response.url}: ${await response.text()}`);
  return response;
};

// Every picture gets this verdict from now on.
const verdict = (contentSafety, answer) =>
  fetch(`${contentSafety}/faults`, { method: "PUT", body: JSON.stringify({ answer }) }).then(told);

const upload = async (gateway, seed) => {
  const picture = landscape(seed);
  const profile = PROFILES[seed % PROFILES.length];
  const wish = { contentType: "image/png", contentLength: picture.length };
  const headers = { "content-type": "application/json" };
  const asked = { method: "POST", headers, body: JSON.stringify(wish) };
  const photo = await (await fetch(`${gateway}/v1/profiles/${profile}/photos`, asked).then(told)).json();
  const { url, method, headers: wanted } = photo.upload;
  await fetch(url, { method, headers: wanted, body: picture }).then(told);
  return photo.id;
};

// Looks again and again until `look` says that it is done.
const until = async (what, look) => {
  const end = Date.now() + DEADLINE_MS;
  for (;;) {
    const { done, seen } = await look();
    if (done) return;
    if (Date.now() > end) throw new Error(`waited ${DEADLINE_MS} ms for ${what}; it is ${seen}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
};

export const untilPhoto = (gateway, id, wanted) => until(`photo ${id} to be ${wanted}`, async () => {
  const { state, reason } = await (await fetch(`${gateway}/v1/photos/${id}`).then(told)).json();
  return { done: state === wanted, seen: `${state} (${reason})` };
});

// A photo is in review a moment before its case is open.
export const untilCases = (gateway, count) => until(`${count} open cases`, async () => {
  const headers = { cookie: "AppServiceAuthSession=mona" };
  const { waiting } = await (await fetch(`${gateway}/moderation/v1/statistics`, { headers }).then(told)).json();
  return { done: waiting === count, seen: waiting };
});

const inReview = async (gateway, seeds) => {
  const queue = [...seeds];
  const work = async () => {
    for (let seed = queue.shift(); seed !== undefined; seed = queue.shift()) {
      await untilPhoto(gateway, await upload(gateway, seed), "review");
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
};

// The owner asks for another look.
export const appeal = (gateway, photo) =>
  fetch(`${gateway}/v1/photos/${photo}/appeal`, { method: "POST" }).then(told);

// So many open cases, of all categories; one of them is an appeal, which is the worst.
export const openCases = async (gateway, contentSafety, count) => {
  const seeds = Array.from({ length: count - 1 }, (_, seed) => seed);
  for (const [at, category] of CATEGORIES.entries()) {
    await verdict(contentSafety, { [category]: 2 });
    await inReview(gateway, seeds.filter((seed) => seed % CATEGORIES.length === at));
  }
  await verdict(contentSafety, { violence: 6 });
  const rejected = await upload(gateway, count);
  await untilPhoto(gateway, rejected, "rejected");
  await appeal(gateway, rejected);
  await untilCases(gateway, count);
};

// Something on a hub that a consumer cannot take in: it is a dead letter, and the app has said so to whoever watches over all.
export const givenUp = async (gateway, hubs, app, hub, text) => {
  const headers = { authorization: "Bearer loopback", brokerproperties: JSON.stringify({ PartitionKey: "nobody" }) };
  await fetch(`${hubs}${hub}/messages`, { method: "POST", headers, body: text }).then(told);
  await until(`a dead letter of ${app}`, async () => {
    const { items } = await (await fetch(`${gateway}/${app}/v1/dead-letters`).then(told)).json();
    return { done: items.length > 0, seen: items.length };
  });
  const asked = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ input: "" }) };
  await fetch(`${gateway}/admin/functions/${app}/poison_queues`, asked).then(told);
  await until(`what ${app} gave up`, async () => {
    const { items } = await (await fetch(`${gateway}/events/v1/given-up`).then(told)).json();
    return { done: items.some((item) => item.app === app), seen: items.length };
  });
};
