// Two results of storm.mjs side by side: `node compare.mjs OURS AZURITE`.
const [ours, azurite] = process.argv.slice(2).map((text) => JSON.parse(text));
for (const [name, ms] of Object.entries(ours)) {
  const ratio = (azurite[name] / ms).toFixed(1);
  console.log(`${name.padEnd(36)} ${String(ms).padStart(6)} ms, Azurite ${String(azurite[name]).padStart(6)} ms, ${ratio} times as long`);
}
