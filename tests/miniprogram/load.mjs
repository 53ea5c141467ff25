/** Imports a TypeScript module of the mini-program into a test, bundled as it is; `wx` is whatever the test puts there. */
import path from 'node:path';
import { build } from 'esbuild';

const ROOT = path.resolve(import.meta.dirname, '../../miniprogram');

/** What a module exports, freshly evaluated: two loads share no state. `name` is its path below miniprogram/. */
export async function load(name) {
  globalThis.Behavior ??= (definition) => definition;
  const { outputFiles } = await build({
    entryPoints: [path.join(ROOT, name)], bundle: true, write: false, format: 'esm', target: 'es2020',
  });
  const fresh = `${outputFiles[0].text}\n// ${Math.random()}`;
  return import(`data:text/javascript;base64,${Buffer.from(fresh).toString('base64')}`);
}
