// What the check does with pages.

// A browser that has not painted a page yet drops the keys that are pressed there.
export const painted = (page) =>
  page.waitForFunction(() => performance.getEntriesByName("first-contentful-paint").length > 0);

// A key that stays on the page.
export const press = async (page, text) => {
  await painted(page);
  await page.keyboard.press(text);
};

// Does what leads to another page, and waits for that.
export const follow = (page, act) => Promise.all([page.waitForEvent("domcontentloaded"), act()]);

// A key that leads to another page.
export const key = async (page, text) => {
  await painted(page);
  await follow(page, () => page.keyboard.press(text));
};

export const filter = (page) => page.$eval("#reveal img", (image) => getComputedStyle(image).filter);

export const blurred = async (page) => (await filter(page)).includes("blur");

// The picture of the case is there.
export const loaded = (page) =>
  page.waitForFunction(() => [...document.querySelectorAll("#reveal img")].every((image) => image.complete && image.naturalWidth > 0));

// Colours that are still on their way have arrived.
export const settled = (page) =>
  page.evaluate(() => Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => {}))).then(() => {}));
