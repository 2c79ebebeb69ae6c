/* The description docs/openapi.yaml against the running program, in both directions.
 *
 *   node contract.mjs SISHI OPENAPI.yaml [SEED [postgres]]
 *
 * No route that is not described and no description without a route; every answer has a described status, media type and
 * shape; every operation succeeds at least once; whatever is sent, nothing is answered with 500. */
import { readFileSync } from 'node:fs';
import Ajv from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import fc from 'fast-check';
import { parse } from 'yaml';
import { hostile } from './hostile.mjs';
import { openProvince, STAFF } from './province.mjs';
import { story } from './story.mjs';

const [sishi, file, seed = '1', engine] = process.argv.slice(2);
if (engine === 'postgres') process.env.SISHI_DB = `postgres:${process.env.SISHI_TEST_PG}`; // beside tools/pg.py
const doc = parse(readFileSync(file, 'utf8'));
let passed = 0, failed = 0;
function check(what, good, seen = '') {
  good ? passed++ : failed++
  if (!good) console.log('FAIL', what, String(typeof seen === 'string' ? seen : JSON.stringify(seen)).slice(0, 600));
}

/* ---- the description in itself --------------------------------------------------------------------------------------- */

const ajv = new Ajv({ strict: true, allowUnionTypes: true, allErrors: false });
formats(ajv);
ajv.addFormat('password', true);
ajv.addKeyword('example');
const here = value => JSON.parse(JSON.stringify(value).replaceAll('#/components/schemas/', 'api#/$defs/'));
ajv.addSchema({ $id: 'api', $defs: here(doc.components.schemas) });
const compiled = new Map();
function shape(schema) {
  const key = JSON.stringify(schema);
  if (!compiled.has(key)) compiled.set(key, ajv.compile(here(schema)));
  return compiled.get(key);
}
const at = ref => ref.slice(2).split('/').reduce((v, k) => v[k.replaceAll('~1', '/')], doc);
export const deref = v => (v?.$ref ? at(v.$ref) : v);

const operations = Object.entries(doc.paths).flatMap(([path, ops]) => Object.entries(ops)
  .filter(([verb]) => verb !== 'parameters')
  .map(([verb, op]) => ({
    ...op, path, verb: verb.toUpperCase(),
    parameters: [...(ops.parameters ?? []), ...(op.parameters ?? [])].map(deref),
    body: deref(op.requestBody)?.content,
  })));
const byId = new Map(operations.map(o => [o.operationId, o]));

function describedWell() {
  for (const [name, schema] of Object.entries(doc.components.schemas)) {
    const fits = shape({ $ref: `#/components/schemas/${name}` });
    for (const e of schema.examples ?? []) check(`example of ${name}`, fits(e), fits.errors);
  }
  for (const o of operations) {
    const named = [...o.path.matchAll(/{(\w+)}/g)].map(m => m[1]);
    const declared = o.parameters.filter(p => p.in === 'path').map(p => p.name);
    check(`${o.operationId} names its path's parts`, named.join() === declared.join(), declared);
    check(`${o.operationId} has words and a tag`, o.summary && doc.tags.some(t => t.name === o.tags[0]));
    for (const r of Object.values(o.responses)) check(`${o.operationId} responses exist`, deref(r)?.description);
  }
}

function sameRoutes(routes) {
  const pattern = o => `${o.verb} ${o.path.replace(/{\w+}/g, '{}')}`;
  const described = new Map(operations.map(o => [pattern(o), o]));
  for (const r of routes) {
    const o = described.get(`${r.method} ${r.pattern}`);
    check(`route ${r.method} ${r.pattern} is described`, o);
    check(`${r.name} is its operation's name`, !o || o.operationId === r.name, o?.operationId);
    check(`${r.name} says who may`, !o || o['x-power'] === r.power, o?.['x-power']);
    check(`${r.name} is public or not`, !o || (o.security?.some(s => Object.keys(s).length === 0) ?? false) === (r.power === 'PUBLIC'));
    described.delete(`${r.method} ${r.pattern}`);
  }
  for (const key of described.keys()) check(`description ${key} has a route`, false);
}

/* ---- asking ----------------------------------------------------------------------------------------------------------- */

const succeeded = new Set();
function judge(o, answer, why = '') {
  const r = deref(o.responses[answer.status] ?? (answer.status >= 500 ? o.responses['5XX'] : undefined));
  const what = `${o.operationId} ${answer.status} ${why}`;
  if (answer.status === 500 || !r) return check(`${what} is described and no 500`, false, answer.text);
  if (answer.status === 204 || answer.status === 304) return check(`${what} is empty`, answer.text === '', answer.text);
  const type = answer.type.split(';')[0];
  const media = r.content?.[type];
  if (!media) return check(`${what} ${type} is described`, false, answer.text);
  if (!type.endsWith('json')) return check(`${what} has text`, answer.text.length > 0 || o['x-power'] !== '');
  const fits = shape(media.schema);
  check(`${what} has its shape`, fits(answer.json), [fits.errors?.[0], answer.text]);
}

function address(o, args) {
  const path = o.path.replace(/{(\w+)}/g, (_, name) => encodeURIComponent(args[name] ?? '-'));
  const query = o.parameters.filter(p => p.in === 'query' && args[p.name] !== undefined)
    .map(p => `${p.name}=${[args[p.name]].flat().map(v => encodeURIComponent(v)).join(',')}`);
  return path + (query.length ? `?${query.join('&')}` : '');
}

function asker(province) {
  return async function ask(id, { as, headers = {}, body, type, ...args } = {}) {
    const o = byId.get(id);
    const raw = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
    const response = await fetch(province.address + address(o, args), {
      method: o.verb, body: raw, redirect: 'manual',
      headers: {
        ...(as ? { Authorization: `Bearer ${province.token[as] ?? as}` } : {}),
        ...(raw !== undefined ? { 'Content-Type': type ?? 'application/json' } : {}), ...headers,
      },
    });
    const text = await response.text();
    const answer = { status: response.status, type: response.headers.get('content-type') ?? '', text, headers: response.headers };
    if (answer.type.includes('json')) answer.json = JSON.parse(text);
    if (response.ok) succeeded.add(id);
    judge(o, answer, as ? `as ${as.slice(0, 12)}` : '');
    return answer;
  }
}

/* ---- anything ---------------------------------------------------------------------------------------------------------- */

/* Each costs a tenth of a second and 64 MiB by design. */
const DEAR = new Set(['open_session', 'add_account', 'set_password']);

async function anything(ask) {
  for (const o of operations) {
    const input = hostile(o, deref);
    const who = fc.constantFrom(undefined, ...STAFF, ...STAFF, 'f'.repeat(64));
    await fc.assert(fc.asyncProperty(who, input, async (as, args) => {
      const before = failed
      await ask(o.operationId, { as, ...args })
      return failed === before
    }), { seed: Number(seed), numRuns: DEAR.has(o.operationId) ? 6 : 40, endOnFailure: true })
      .catch(e => console.log(o.operationId, String(e.message).slice(0, 900)));
  }
}

describedWell();
const province = await openProvince(sishi, 400);
try {
  const ask = asker(province);
  sameRoutes(province.routes);
  await story(ask, check, province);
  for (const o of operations) check(`${o.operationId} succeeds in the story`, succeeded.has(o.operationId));
  await anything(ask);
} finally {
  check('it stops when told to', await province.stop() === 0);
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
