// What the console promises, in a browser. Run by `run`, which starts the platform.

import { strict as assert } from "node:assert";
import { chromium } from "playwright-core";
import * as accessible from "./accessible.mjs";
import { blurred, filter, follow, key, loaded, painted, press } from "./pages.mjs";
import { appeal, givenUp, openCases, untilCases, untilPhoto } from "./seed.mjs";
import { screenshots } from "./screenshots.mjs";

const CASES = 200;
const WAIT_MS = 20_000;
const VIEWPORT = { width: 1320, height: 760 };
const NARROW = { width: 360, height: 760 };
const { url: gateway, eventHubsUrl, simulatorUrls } = JSON.parse(process.env.STARTED);
const home = `${gateway}/moderation`;

let passed = 0;
const started = Date.now();
const step = async (what, code) => {
  const begun = Date.now();
  await code();
  passed += 1;
  console.log(`ok   ${what} (${((Date.now() - begun) / 1000).toFixed(1)} s)`);
};

await step(`${CASES} photos wait for a person`, () => openCases(gateway, simulatorUrls["content-safety"], CASES));

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM,
  args: [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
  ],
});
const shoot = await screenshots(browser, process.env.PICTURES);
const violations = [];
// What a page asked for and did not get yet; told when a step fails.
const pending = new Set();
// A browser of its own, in which the person is signed in.
const open = async (person, options = {}) => {
  const context = await browser.newContext({ viewport: VIEWPORT, ...options });
  context.setDefaultTimeout(WAIT_MS);
  if (person) await context.addCookies([{ name: "AppServiceAuthSession", value: person, url: gateway }]);
  const page = await context.newPage();
  page.on("console", (message) => {
    if (/Content.Security.Policy|Refused to/i.test(message.text())) violations.push(message.text());
  });
  page.on("request", (request) => pending.add(request));
  for (const end of ["requestfinished", "requestfailed"]) page.on(end, (request) => pending.delete(request));
  page.on("pageerror", (error) => violations.push(String(error)));
  return page;
};
const close = (page) => page.context().close();
const name = (page) => page.textContent("h1");
const statistics = async (page) => (await page.request.get(`${home}/v1/statistics`)).json();

try {
  const mona = await open(null);
  await step("who is not signed in signs in and comes back", async () => {
    await mona.goto(home);
    assert.match(mona.url(), /\.auth\/login\/aad/);
    await follow(mona, () => mona.click("button[value=mona]"));
    assert.equal(mona.url(), home);
  });
  await step("who lacks the role reads which one, and whom to ask", async () => {
    const nils = await open("nils");
    const answer = await nils.goto(home);
    assert.equal(answer.status(), 403);
    assert.match(await nils.textContent("main"), /role Moderator.*Ask whoever/s);
    await shoot(nils, "refused");
    await accessible.inBoth(nils, "the page without the role");
    await close(nils);
  });
  await step("the start page is accessible in light and dark, and on a small screen", async () => {
    assert.equal(await mona.textContent(".tiles dd"), String(CASES));
    await shoot(mona, "queue");
    await accessible.inBoth(mona, "the start page");
    await mona.setViewportSize(NARROW);
    await accessible.check(mona, "the start page on a small screen");
    await accessible.fitsTheWidth(mona);
    await mona.setViewportSize(VIEWPORT);
  });
  await step("a picture is blurred until Space or the pointer holds it", async () => {
    await key(mona, "j");
    await loaded(mona);
    await painted(mona);
    assert.ok(await blurred(mona), "blurred at first");
    await shoot(mona, "case");
    await mona.keyboard.down(" ");
    assert.equal(await filter(mona), "none");
    await shoot(mona, "revealed");
    await mona.keyboard.up(" ");
    assert.ok(await blurred(mona), "blurred after the key");
    await mona.hover("#reveal");
    await mona.mouse.down();
    assert.equal(await filter(mona), "none");
    await mona.mouse.up();
    assert.ok(await blurred(mona), "blurred after the pointer");
    await mona.keyboard.press("v");
    assert.equal(await filter(mona), "none");
    await mona.keyboard.press("v");
    assert.ok(await blurred(mona), "blurred after the switch");
    const thumbs = await mona.$$eval(".thumb img", (all) => all.map((image) => getComputedStyle(image).filter));
    assert.ok(thumbs.length >= 20 && thumbs.every((one) => one.includes("blur")), "thumbs are blurred");
  });
  await step("greyscale stays on from page to page", async () => {
    await press(mona, "g");
    assert.match(await filter(mona), /grayscale/);
    await mona.reload();
    await painted(mona);
    assert.match(await filter(mona), /blur.*grayscale/);
    await mona.keyboard.down(" ");
    assert.equal(await filter(mona), "grayscale(1)");
    await mona.keyboard.up(" ");
    await press(mona, "g");
    await mona.reload();
    assert.doesNotMatch(await filter(mona), /grayscale/);
  });
  await step("a case is accessible in light and dark, and on a small screen", async () => {
    await press(mona, "?");
    assert.ok(await mona.isVisible(".sheet"));
    await shoot(mona, "keys");
    await accessible.check(mona, "the list of keys");
    await press(mona, "Escape");
    assert.ok(!await mona.isVisible(".sheet"));
    await accessible.focusIsVisible(mona);
    await accessible.targetsAreLargeEnough(mona);
    await mona.emulateMedia({ colorScheme: "dark" });
    await loaded(mona);
    await shoot(mona, "dark");
    await accessible.inBoth(mona, "the page of a case");
    await mona.setViewportSize(NARROW);
    await accessible.check(mona, "the page of a case on a small screen");
    await accessible.fitsTheWidth(mona);
    await accessible.targetsAreLargeEnough(mona);
    await shoot(mona, "narrow");
    await press(mona, "?");
    const { x, width } = await (await mona.$(".sheet")).boundingBox();
    assert.ok(x >= 0 && x + width <= NARROW.width, `the list of keys stands from ${x} to ${x + width}`);
    await press(mona, "?");
    await mona.setViewportSize(VIEWPORT);
  });
  await step("a case that somebody holds is no other's to decide", async () => {
    const mateo = await open("mateo");
    await mateo.goto(mona.url());
    assert.match(await mateo.textContent("#decide"), /Somebody is at it/);
    assert.equal(await mateo.$("button.approve"), null);
    await accessible.check(mateo, "a case of somebody else");
    await close(mateo);
  });
  await step("of two moderators on one case one decides, and the other is told", async () => {
    const [mateo, mika] = [await open("mateo"), await open("mika")];
    await mateo.goto(home);
    await mateo.goto(await mateo.$eval(".queue li:nth-child(2) a", (link) => link.href));
    await mika.goto(mateo.url());
    const both = await name(mateo);
    await key(mateo, "a");
    await press(mika, "r");
    await key(mika, "1");
    assert.equal(await name(mika), both);
    assert.match(await mika.textContent("[role=alert]"), /Not done.*Somebody changed the case/s);
    assert.match(await mika.textContent("main"), /The photo is approved/);
    await accessible.check(mika, "a decision that came too late");
    await close(mika);
    await key(mateo, "u");
    assert.equal(await name(mateo), both);
    await key(mateo, "t");
    assert.equal(await mateo.$(".queue .mine"), null, "he holds nothing any more");
    await close(mateo);
  });
  await step("keys can be switched off, and write text in a note", async () => {
    const before = mona.url();
    await press(mona, "?");
    await mona.uncheck("#shortcuts");
    await press(mona, "Escape");
    for (const letter of ["a", "r", "1", "j"]) await press(mona, letter);
    assert.equal(mona.url(), before);
    await mona.click("#help summary");
    await mona.check("#shortcuts");
    await press(mona, "Escape");
    await press(mona, "n");
    await mona.keyboard.type("a jar, in fact");
    await press(mona, "Escape");
    assert.equal(await mona.inputValue("#note"), "a jar, in fact");
    assert.equal(mona.url(), before);
  });
  await step("reject takes two keys, Escape goes back, and undo brings the case again", async () => {
    const rejected = await name(mona);
    await press(mona, "r");
    await shoot(mona, "reject");
    await press(mona, "Escape");
    await press(mona, "1");
    assert.equal(await name(mona), rejected);
    await press(mona, "r");
    await key(mona, "2");
    assert.notEqual(await name(mona), rejected);
    assert.match(await mona.textContent(".banner"), new RegExp(`${rejected} is rejected: violence`));
    await loaded(mona);
    await shoot(mona, "undo");
    await accessible.inBoth(mona, "the page after a decision");
    await key(mona, "u");
    assert.equal(await name(mona), rejected);
    assert.match(await mona.textContent(".history"), /Decision undone by you.*a jar, in fact/s);
  });
  await step("without scripts the pages work too", async () => {
    const mateo = await open("mateo", { javaScriptEnabled: false });
    await mateo.goto(home);
    await follow(mateo, () => mateo.click("button.main"));
    const decided = await name(mateo);
    await follow(mateo, () => mateo.click("button.approve"));
    assert.match(await mateo.textContent(".banner"), new RegExp(`${decided} is approved`));
    await follow(mateo, () => mateo.click(".banner button"));
    assert.equal(await name(mateo), decided);
    await follow(mateo, () => mateo.click(".hold button"));
    assert.match(await mateo.textContent(".hold"), /Nobody looks at it/);
    await follow(mateo, () => mateo.click("#greyscale"));
    assert.ok(await mateo.$("html.greyscale"));
    await close(mateo);
  });
  await step(`${CASES} cases are decided by keyboard alone`, async () => {
    const before = (await statistics(mona)).overturned;
    let decided = 0;
    const begun = Date.now();
    while (new URL(mona.url()).pathname !== "/moderation") {
      assert.ok(decided < CASES, "the queue comes to an end");
      if (decided % 3 === 2) {
        await press(mona, "r");
        await key(mona, String(1 + (decided % 8)));
      } else {
        await key(mona, "a");
      }
      decided += 1;
    }
    assert.equal(decided, CASES);
    assert.match(await name(mona), /Nothing waits/);
    await shoot(mona, "statistics");
    await accessible.inBoth(mona, "the start page with decisions");
    // The appeal, which came first, was granted.
    const { waiting, decidedLastWeek, overturned } = await statistics(mona);
    assert.deepEqual({ waiting, decidedLastWeek, overturned }, { waiting: 0, decidedLastWeek: CASES, overturned: before + 1 });
    console.log(`     ${((Date.now() - begun) / CASES).toFixed(0)} ms for each decision`);
  });
  await step("the last decision is undone from the start page, and decided again", async () => {
    const last = await mona.textContent("tbody tr:first-child th a");
    await key(mona, "u");
    assert.equal(await name(mona), last);
    assert.match(await mona.textContent(".history"), /Decision undone by you/);
    await press(mona, "r");
    await key(mona, "6");
    assert.match(await mona.textContent("tbody tr:first-child"), /rejected: personal data/);
  });
  await step("an appeal is for another moderator than the one who rejected", async () => {
    const path = await mona.$eval("tbody tr:first-child th a", (link) => new URL(link.href).pathname);
    const photo = path.split("/").pop();
    await appeal(gateway, photo);
    await untilCases(gateway, 1);
    await mona.goto(home);
    assert.equal(await mona.textContent(".queue .chip"), "appeal");
    await key(mona, "j");
    assert.equal(mona.url(), home, "nothing is free for her");
    await mona.goto(`${gateway}${path}-appeal`);
    assert.match(await mona.textContent("#decide"), /For somebody else/);
    assert.equal(await mona.$("button.approve"), null);
    const mateo = await open("mateo");
    await mateo.goto(home);
    await key(mateo, "j");
    await key(mateo, "a");
    await untilPhoto(gateway, photo, "approved");
    await close(mateo);
  });
  await step("the pages of events are accessible, and the picture of the catalogue says what its table says", async () => {
    const olga = await open("olga");
    await olga.goto(`${gateway}/events/catalogue`);
    const types = await olga.$$eval("table code", (cells) => cells.map((cell) => cell.textContent));
    const drawn = await olga.$$eval("svg text", (texts) => texts.map((text) => text.textContent));
    assert.ok(types.length > 10, "there are types");
    for (const type of types) assert.ok(drawn.some((text) => text.startsWith(type)), `${type} is in the picture`);
    for (const page of ["catalogue", "replays", "consumers", "given-up"]) {
      await olga.goto(`${gateway}/events/${page}`);
      await accessible.inBoth(olga, `events: ${page}`);
      await olga.setViewportSize(NARROW);
      await accessible.fitsTheWidth(olga);
      await olga.setViewportSize(VIEWPORT);
    }
    await close(olga);
  });
  await step("an operator sees how far consumers are and what they gave up, and comes to the letter", async () => {
    await givenUp(gateway, eventHubsUrl, "contacts", "account", "a text that is no event");
    const olga = await open("olga");
    await olga.goto(`${gateway}/events/consumers`);
    const stands = await olga.$$eval("table:last-of-type tbody td:nth-child(4)", (cells) => cells.map((cell) => cell.textContent));
    assert.ok(stands.length >= 16 && stands.every((text) => text && !text.startsWith("unknown")), `${stands}`);
    await follow(olga, () => olga.click("main a[href='/events/given-up']"));
    assert.doesNotMatch(await olga.textContent("main"), /a text that is no event/);
    await accessible.inBoth(olga, "events: what was given up");
    await olga.setViewportSize(NARROW);
    await accessible.fitsTheWidth(olga);
    await olga.setViewportSize(VIEWPORT);
    await follow(olga, () => olga.click("tbody a[href^='/contacts/dead-letters/']"));
    assert.match(await olga.textContent("main"), /a text that is no event/);
    await close(olga);
  });
  await step("no page broke its Content-Security-Policy", async () => assert.deepEqual(violations, []));
} catch (error) {
  for (const request of pending) console.log(`     still waits for ${request.method()} ${request.url()}`);
  throw error;
} finally {
  await browser.close();
}
console.log(`${passed} passed in ${((Date.now() - started) / 1000).toFixed(0)} s`);
