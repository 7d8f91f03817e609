// Builds panel and card into the component: a module each, the same bytes on every machine.
import { build } from "esbuild";
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const folder = "../custom_components/camguard/panel";
const { version } = JSON.parse(readFileSync("../custom_components/camguard/manifest.json", "utf8"));
/** [source, result, bytes allowed gzipped] */
const MODULES = [
  ["src/main.ts", "camguard-panel.js", 66_000],
  ["src/card/card.ts", "camguard-card.js", 10_000],
];

for (const [source, result, limit] of MODULES) {
  const outfile = `${folder}/${result}`;
  await build({
    entryPoints: [source],
    outfile,
    bundle: true,
    format: "esm",
    target: "es2022",
    minify: true,
    charset: "utf8",
    legalComments: "none",
    define: { __VERSION__: JSON.stringify(version) },
  });
  const bytes = readFileSync(outfile);
  const zipped = gzipSync(bytes, { level: 9 }).length;
  console.log(`${outfile}: ${(bytes.length / 1000).toFixed(1)} kB, gzipped ${(zipped / 1000).toFixed(1)} kB`);
  if (zipped > limit) throw new Error(`${result} is too large: ${zipped} bytes gzipped, ${limit} allowed.`);
}
