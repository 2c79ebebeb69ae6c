/* node verify.mjs DIR [ID]: the checks of verify-core.js on the files of a folder; exports verify and checkOne. */
import './verify-core.js';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

export const { verify, checkOne } = globalThis.sishiDraw;
const NAMES = ['plan.txt', 'population.tsv', 'roster.tsv', 'recusal.tsv', 'freeze.txt', 'reveals.txt', 'seed.txt', 'lots.tsv', 'result.tsv', 'assign.tsv', 'prices.tsv', 'head.txt'];

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [dir, only] = process.argv.slice(2), files = {};
  for (const name of NAMES) if (existsSync(join(dir || '', name))) files[name] = readFileSync(join(dir || '', name));
  try {
    const said = only ? checkOne(files, only) : verify(files);
    console.log('OK', JSON.stringify(said));
  } catch (wrong) {
    console.error('WRONG', wrong.message);
    process.exitCode = 1;
  }
}
