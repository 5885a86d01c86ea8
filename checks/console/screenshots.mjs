// Screenshots for docs/moderation.md, small enough for a repository.

import { writeFile } from "node:fs/promises";
import { png } from "./png.mjs";
import { settled } from "./pages.mjs";

const MAX_BYTES = 200_000;
// Values that differ by less are one: half the size, and nobody sees it.
const STEP = 4;

// The pixels of a PNG file: width, height, and four bytes for each. In a page that is nobody's, since the console's
// policy lets no page load such an image.
const developed = async (darkroom, shot) => {
  const { width, height, base64 } = await darkroom.evaluate(async (source) => {
    const image = new Image();
    image.src = `data:image/png;base64,${source}`;
    await image.decode();
    const context = new OffscreenCanvas(image.width, image.height).getContext("2d");
    context.drawImage(image, 0, 0);
    const { width, height, data } = context.getImageData(0, 0, image.width, image.height);
    const text = await new Blob([data]).arrayBuffer().then((bytes) => new Uint8Array(bytes).toBase64());
    return { width, height, base64: text };
  }, shot.toString("base64"));
  return { width, height, pixels: Buffer.from(base64, "base64") };
};

const coarse = ({ width, height, pixels }) => {
  const rows = Buffer.alloc(height * (1 + width * 3));
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let part = 0; part < 3; part++) {
        const value = Math.round(pixels[(y * width + x) * 4 + part] / STEP) * STEP;
        rows[y * (1 + width * 3) + 1 + x * 3 + part] = Math.min(255, value);
      }
    }
  }
  return png(width, height, rows);
};

// Takes pictures of pages into a folder; without a folder, none.
export const screenshots = async (browser, folder) => {
  if (!folder) return async () => {};
  const darkroom = await (await browser.newContext()).newPage();
  return async (page, name) => {
    await page.evaluate(() => scrollTo(0, 0));
    await settled(page);
    const picture = coarse(await developed(darkroom, await page.screenshot()));
    if (picture.length > MAX_BYTES) throw new Error(`the picture ${name} has ${picture.length} bytes, over ${MAX_BYTES}`);
    await writeFile(`${folder}/moderation-${name}.png`, picture);
  };
};
