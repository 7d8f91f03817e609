// Builds the panel into the component: one module, the same bytes on every machine.
import { build } from "esbuild";
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const outfile = "../custom_components/camguard/panel/camguard-panel.js";
const LIMIT = 60_000;
const { version } = JSON.parse(readFileSync("../custom_components/camguard/manifest.json", "utf8"));

await build({
  entryPoints: ["src/main.ts"],
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
if (zipped > LIMIT) throw new Error(`The panel is too large: ${zipped} bytes gzipped, ${LIMIT} allowed.`);
