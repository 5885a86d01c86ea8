// The same work with sharp: upright and without metadata, a re-encoded original, large, thumb, the pixels that a
// blurhash is made of, and the 512-pixel grey picture that a perceptual hash is made of. One thread, as one core is
// measured. Decoded once: that is sharp's best here, in one run decoding again for `large` gave 1.66 pictures a
// second instead of 2.0 to 2.2, with as much memory.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const [folder, file, repeat] = process.argv.slice(2);
const sharp = createRequire(`${folder}/`)("sharp");
sharp.concurrency(1);
sharp.cache(false);

if (file === "make") {
  // A photo's worth of detail: noise at several sizes, in 12 million pixels as a phone stores them, lying on the side.
  const noise = (width, height, sigma) =>
    sharp({ create: { width, height, channels: 3, background: "#888", noise: { type: "gaussian", mean: 128, sigma } } });
  const coarse = await noise(40, 30, 60).resize(4032, 3024, { kernel: "cubic" }).png().toBuffer();
  const middle = await noise(800, 600, 50).resize(4032, 3024, { kernel: "cubic" }).png().toBuffer();
  const fine = await noise(4032, 3024, 24).png().toBuffer();
  const photo = await sharp(coarse)
    .composite([{ input: middle, blend: "soft-light" }, { input: fine, blend: "soft-light" }])
    .withMetadata({ orientation: 6 }).jpeg({ quality: 90 }).toBuffer();
  process.stdout.write(photo);
} else {
  for (let round = 0; round < Number(repeat); round += 1) {
    const started = performance.now();
    const bytes = readFileSync(file);
    const { data, info } = await sharp(bytes).rotate().raw().toBuffer({ resolveWithObject: true });
    const decoded = { width: info.width, height: info.height, channels: info.channels };
    const pixels = () => sharp(data, { raw: decoded });
    const original = await pixels().jpeg({ quality: 90 }).toBuffer();
    const large = await pixels().resize(1600, 1600, { fit: "inside" }).raw().toBuffer({ resolveWithObject: true });
    const scaled = { width: large.info.width, height: large.info.height, channels: large.info.channels };
    const small = () => sharp(large.data, { raw: scaled });
    const written = await small().jpeg({ quality: 82 }).toBuffer();
    const thumb = await small().resize(320, 320, { fit: "inside" }).jpeg({ quality: 82 }).toBuffer();
    const blur = await small().resize(32, 32, { fit: "fill" }).raw().toBuffer();
    const grey = await small().resize(512, 512, { fit: "fill" }).greyscale().raw().toBuffer();
    const milliseconds = performance.now() - started;
    const bytesMade = [original, written, thumb, blur, grey].map((made) => made.length);
    console.log(JSON.stringify({ milliseconds, original: bytesMade[0], large: bytesMade[1], thumb: bytesMade[2] }));
  }
}
