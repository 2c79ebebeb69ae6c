/* A demo province and the program serving it, for the length of a test. */
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export const PASSWORD = 'Sishi-try-2026';

export async function startProvince(sishi, entities) {
  const home = mkdtempSync(join(tmpdir(), 'sishi-web-'));
  const run = (...words) => execFileSync(sishi, words, { encoding: 'utf8', maxBuffer: 1 << 26 });
  run('demo', '--data', home, '--entities', String(entities), '--quiet');
  const logFile = join(home, 'server.log');
  const child = spawn(sishi, ['serve', '--data', home, '--listen', '127.0.0.1:0'],
    { stdio: ['ignore', 'pipe', openSync(logFile, 'w')] });
  const ended = new Promise(done => child.once('exit', done));
  const first = await Promise.race([
    new Promise(done => createInterface({ input: child.stdout }).once('line', done)),
    ended.then(() => '')]);
  if (!first.startsWith('listening ')) {
    throw new Error('the server did not start: ' + readFileSync(logFile, 'utf8'));
  }
  return {
    home,
    address: first.split(' ')[1],
    routes: JSON.parse(run('api', 'routes', '--json')),
    log: () => readFileSync(logFile, 'utf8'),
    async stop() {
      child.kill('SIGTERM');
      const code = await ended;
      rmSync(home, { recursive: true, force: true });
      return code;
    },
  };
}
