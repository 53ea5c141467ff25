/**
 * The mini-program as a page for browsers.
 *
 *     node build.mjs <miniprogram> <out> [--check]
 *
 * Prints every mistake with its place and the size of each package; `--check` writes nothing. With a mistake nothing is
 * written and the exit code is 1; KEEP_GOING=1 writes what does compile.
 */
import path from "node:path";
import { compile, write } from "./compile/build.mjs";
import { table } from "./compile/sizes.mjs";

const given = process.argv.slice(2);
const check = given.includes("--check");
const [root, out] = given.filter((one) => !one.startsWith("--")).map((one) => path.resolve(one));
const strange = given.filter((one) => one.startsWith("--") && one !== "--check");
if (!root || (!out && !check) || strange.length) {
  console.error("usage: node build.mjs <miniprogram> <out> [--check]");
  process.exit(2);
}
const start = performance.now();
const built = await compile(root, { out });
for (const finding of built.findings) console.error(`ERROR ${finding}`);
const spoilt = built.findings.length > 0;
if (!check && built.files.size && (!spoilt || process.env.KEEP_GOING)) write(built, out);
console.log(table(built.sizes));
console.log(
  `${built.project.pages.length} pages, ${built.project.components.size} components, ${Math.round(performance.now() - start)} ms`,
);
if (spoilt) {
  console.error(`${built.findings.length} error(s)`);
  process.exitCode = process.env.KEEP_GOING && built.files.size ? 0 : 1;
}
