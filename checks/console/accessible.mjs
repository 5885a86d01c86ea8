// WCAG 2.2 AA as far as a program can tell: axe's rules, focus that is seen, and targets that can be hit.

import { strict as assert } from "node:assert";
import axe from "axe-core";
import { settled } from "./pages.mjs";

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
const MIN_TARGET_PX = 24;
const MAX_STOPS = 120;

export const check = async (page, what) => {
  await settled(page);
  await page.evaluate(axe.source);
  const result = await page.evaluate(
    (values) => window.axe.run(document, { runOnly: { type: "tag", values }, preload: false }), RULES,
  );
  const found = result.violations.map(({ id, nodes }) =>
    `${id}: ${nodes.slice(0, 3).map((node) => `${node.target} ${node.failureSummary}`).join("\n    ")}`);
  assert.deepEqual(found, [], what);
};

export const inBoth = async (page, what) => {
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme });
    await check(page, `${what}, ${colorScheme}`);
  }
  await page.emulateMedia({ colorScheme: "light" });
};

// Whatever Tab reaches has an outline, and Tab reaches every button that decides.
export const focusIsVisible = async (page) => {
  await page.evaluate(() => document.activeElement?.blur());
  const reached = new Set();
  for (let stop = 0; stop < MAX_STOPS; stop++) {
    await page.keyboard.press("Tab");
    const focus = await page.evaluate(() => {
      const element = document.activeElement;
      if (!element || element === document.body) return null;
      const { outlineStyle, outlineWidth } = getComputedStyle(element);
      return { what: `${element.tagName} ${element.textContent.trim()}`, value: element.value, outlineStyle, width: parseFloat(outlineWidth) };
    });
    if (!focus) break;
    assert.ok(focus.outlineStyle !== "none" && focus.width >= 2, `focus is seen at ${focus.what}`);
    reached.add(focus.value);
  }
  for (const value of ["approve", "reject-nudity", "reject-other", "skip", "release"]) {
    assert.ok(reached.has(value), `Tab reaches ${value}`);
  }
  await page.evaluate(() => document.activeElement?.blur());
};

// Nothing has to be scrolled sideways (WCAG 1.4.10).
export const fitsTheWidth = async (page) => {
  const { scrollWidth, clientWidth } = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return { scrollWidth, clientWidth };
  });
  assert.ok(scrollWidth <= clientWidth, `${scrollWidth} pixels in ${clientWidth}`);
};

export const targetsAreLargeEnough = async (page) => {
  const small = await page.$$eval("a, button, summary, textarea, label.switch", (all, least) => all
    .filter((element) => element.checkVisibility() && !element.matches(".skip"))
    .map((element) => ({ what: element.textContent.trim(), box: element.getBoundingClientRect() }))
    .filter(({ box }) => box.width < least || box.height < least)
    .map(({ what, box }) => `${what}: ${box.width} x ${box.height}`), MIN_TARGET_PX);
  assert.deepEqual(small, []);
};
