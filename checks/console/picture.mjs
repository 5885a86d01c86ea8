// Landscapes, each another one also for a perceptual hash, as PNG files.

import { png } from "./png.mjs";

const WIDTH = 480;
const HEIGHT = 360;

// A step of a linear congruential generator (Numerical Recipes).
const random = (seed) => {
  let state = (seed * 2654435761) >>> 0;
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
};

const mixed = (from, to, share) => from.map((part, i) => Math.round(part + (to[i] - part) * share));

export const landscape = (seed) => {
  const below = random(seed + 1);
  const evening = below(2) === 0;
  const sky = evening ? [[250, 190, 120], [120, 90, 160]] : [[205, 228, 246], [95, 150, 215]];
  const sun = { x: 60 + below(WIDTH - 120), y: 50 + below(90), r: 22 + below(26) };
  const hills = [0, 1, 2].map((row) => ({
    base: 170 + row * 55 + below(30),
    waves: [0, 1, 2].map(() => ({ length: 40 + below(170), height: 8 + below(30), shift: below(400) })),
    colour: [30 + below(50), 80 + below(70) - row * 18, 60 + below(60) - row * 12],
  }));
  const top = ({ base, waves }, x) =>
    waves.reduce((sum, wave) => sum + wave.height * Math.sin((x + wave.shift) / wave.length), base);
  const tops = hills.map((hill) => Float64Array.from({ length: WIDTH }, (_, x) => top(hill, x)));
  const trees = Array.from({ length: 12 + below(14) }, () => ({
    x: below(WIDTH), y: 215 + below(130), size: 14 + below(34), colour: [15 + below(30), 50 + below(50), 30 + below(30)],
  }));
  const rows = Buffer.alloc(HEIGHT * (1 + WIDTH * 3));
  const paint = (x, y, colour) => rows.set(colour, y * (1 + WIDTH * 3) + 1 + x * 3);
  for (let y = 0; y < HEIGHT; y++) {
    const height = mixed(sky[1], sky[0], y / 240);
    for (let x = 0; x < WIDTH; x++) {
      let colour = (x - sun.x) ** 2 + (y - sun.y) ** 2 < sun.r ** 2 ? [255, 244, 200] : height;
      hills.forEach((hill, i) => {
        if (y > tops[i][x]) colour = mixed(hill.colour, [20, 40, 40], Math.min(1, (y - tops[i][x]) / 260));
      });
      paint(x, y, colour);
    }
  }
  for (const { x, y, size, colour } of trees) {
    for (let down = 0; down < size; down++) {
      for (let aside = -Math.floor(down * 0.4); aside <= down * 0.4; aside++) {
        const [column, row] = [x + aside, y - size + down];
        if (column >= 0 && column < WIDTH && row < HEIGHT) paint(column, row, colour);
      }
    }
  }
  return png(WIDTH, HEIGHT, rows);
};
