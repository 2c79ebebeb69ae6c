/* The pages' demo province, with a token for each of those who work in it. */
import { execFileSync } from 'node:child_process';
import { PASSWORD, startProvince } from '../web/province.mjs';

export { PASSWORD };
export const STAFF = ['planner', 'operator', 'witness', 'reviewer', 'registrar', 'market', 'emergency', 'ecology', 'root'];

export async function openProvince(sishi, entities) {
  const province = await startProvince(sishi, entities);
  const make = name => execFileSync(sishi, ['token', 'make', name, '--as', 'root', '--data', province.home], { encoding: 'utf8' }).trim();
  return {
    ...province,
    token: Object.fromEntries(STAFF.map(name => [name, make(name)])),
    routes: province.routes.filter(r => r.pattern.startsWith('/api/')),
  };
}
