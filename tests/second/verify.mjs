/* node verify.mjs DIR [ID]: the checks of verify-core.js on the files of a folder; with ID also that entity's chances. */
import './digests.js';
import './verify-core.js';
import { readdirSync, readFileSync } from 'node:fs';

const [dir = '.', id] = process.argv.slice(2), files = {};
try {
  for (const name of readdirSync(dir)) if (/\.(txt|tsv)$/.test(name)) files[name] = readFileSync(`${dir}/${name}`);
  console.log('OK', JSON.stringify(globalThis.sishiDraw.verify(files, null, id)));
} catch (wrong) {
  console.error('WRONG', wrong.message);
  process.exitCode = 1;
}
