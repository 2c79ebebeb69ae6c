/* A draw from plan to publication through the API, and what becomes of one that is void. */
import { spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const sha256 = text => createHash('sha256').update(text).digest('hex');
const PLAN = {
  region: '430000', title: '接口抽查', task: '年度计划第1项', hash: 'sha256', demo: true, beacon_wait_s: 0, missing_skip: true,
  parties: ['p_ecology', 'p_market'], beacons: [{ kind: 'dice', ref: 'api-1' }],
  lots: [{ name: 'retail', mode: 'fixed', n: 4, reserve: 3, grades: [{ grade: '*', weight: 1 }] }],
  teams: [{ lot: 'retail', dept: 'p_market', size: 2 }],
};

async function planned(ask, check) {
  const preview = await ask('preview_draw', { as: 'planner', body: PLAN });
  check('a preview counts the pool', preview.json.entities > 300, preview.text);
  check('a plan is refused by its member', (await ask('plan_draw', { as: 'planner', body: { ...PLAN, lots: [{ name: 'a b' }] } })).json.detail.startsWith('lots'));
  const once = { as: 'planner', headers: { 'Idempotency-Key': 'plan-1' }, body: PLAN };
  const made = await ask('plan_draw', once);
  check('planned once', (await ask('plan_draw', once)).text === made.text);
  check('the public may not plan', (await ask('plan_draw', { body: PLAN })).status === 401);
  check('nothing is drawn before', (await ask('get_draw_results', { no: made.json.no })).status !== 500);
  return made.json.no;
}

async function committed(ask, check, no) {
  const value = randomBytes(32).toString('hex');
  const commitment = sha256(`sishi-draw/1 contribution\ndraw ${no}\nparty p_market\nvalue ${value}\n`);
  check('another department may not', (await ask('step_commit', { as: 'ecology', no, body: { dept: 'p_market', commitment } })).status === 403);
  check('nor may it freeze alone', (await ask('step_freeze', { as: 'operator', no })).status === 409);
  await ask('step_commit', { as: 'market', no, body: { dept: 'p_market', commitment } });
  await ask('step_commit_kept', { as: 'ecology', no, body: { dept: 'p_ecology' } });
  check('the value stays secret', (await ask('get_draw', { no })).json.parties.every(p => p.value === null));
  check('frozen', (await ask('step_freeze', { as: 'operator', no, headers: { 'Idempotency-Key': 'freeze-1' } })).status === 204);
  check('a repeat does nothing', (await ask('step_freeze', { as: 'operator', no, headers: { 'Idempotency-Key': 'freeze-1' } })).status === 204);
  check('a wrong value does not open', (await ask('step_reveal', { as: 'market', no, body: { dept: 'p_market', value: 'ab'.repeat(32) } })).json.code === 'DRAW_REVEAL');
  await ask('step_reveal', { as: 'market', no, body: { dept: 'p_market', value } });
  await ask('step_reveal_kept', { as: 'ecology', no, body: { dept: 'p_ecology' } });
}

async function drawn(ask, check, no) {
  const dice = { kind: 'dice', ref: 'api-1', value: '12345612345612345612', event_at: new Date().toISOString() };
  check('no value of another kind', (await ask('step_beacon', { as: 'operator', no, body: { ...dice, value: '7' } })).status === 422);
  await ask('step_beacon', { as: 'operator', no, body: dice });
  await ask('step_run', { as: 'operator', no });
  check('lists wait for publication', (await ask('get_draw_file', { no, file: 'result.tsv' })).status !== 200);
  await ask('step_publish', { as: 'reviewer', no });
  const draw = (await ask('get_draw', { no })).json;
  check('published, and every target is there', draw.state === 'published' && draw.targets === 4, draw);
  for (const f of draw.files) {
    const file = await ask('get_draw_file', { no, file: f.name, as: 'planner' });
    if (f.name.endsWith('.txt')) check(`${f.name} is what its hash says`, sha256(file.text) === f.hex, file.text.slice(0, 200));
  }
  check('no such file', (await ask('get_draw_file', { no, file: '../plan.txt' })).status !== 200);
  const tar = await ask('get_draw_bundle', { no });
  check('the bundle is a tar', tar.text.slice(257, 262) === 'ustar' && tar.text.startsWith('plan.txt'));
}

async function looked(ask, check, no) {
  const first = await ask('get_draw_results', { no, limit: 3 });
  const rest = await ask('get_draw_results', { no, limit: 3, cursor: first.json.next });
  check('results page by page', first.json.items.length === 3 && rest.json.items[0].rank === 4, rest.text);
  const target = first.json.items[0].code;
  const proof = await ask('check_draw', { no, entity: target });
  check('a target sees that it was drawn', proof.json.verdict === 'selected' && proof.json.line.path.length > 5, proof.text);
  const leaf = createHash('sha256').update(`\0${proof.json.line.line}`).digest('hex');
  check('its leaf is of its line', leaf === proof.json.line.leaf);
  const absent = await ask('check_draw', { no, entity: '91350100M000100Y43' });
  check('who is absent sees two neighbours', absent.json.verdict !== 'absent' || absent.json.before || absent.json.after, absent.text);
  await ask('get_draw_exclusions', { as: 'planner', no });
  const events = await ask('get_draw_events', { no });
  check('every step is an event', ['plan', 'commit', 'freeze', 'reveal', 'beacon', 'run', 'publish'].every(s => events.json.items.some(e => e.step === s)));
  const places = await ask('get_draw_places', { no, limit: 100 });
  return { target, place: places.json.items.find(p => p.code === target) };
}

async function replaced(ask, check, no, { target, place }) {
  const inspector = await ask('step_replace_inspector', { as: 'market', no,
    body: { code: target, dept: place.dept, inspector: place.inspector, reason: 'ill' } });
  check('another inspector', inspector.json.inspector !== place.inspector, inspector.text);
  const once = { as: 'market', no, headers: { 'Idempotency-Key': 'replace-1' }, body: { lot: 'retail', code: target, reason: 'was deregistered' } };
  const next = await ask('step_replace_target', once);
  check('the same key gives the same reserve', (await ask('step_replace_target', once)).text === next.text, next.text);
}

/* What the public downloads is accepted by every verifier. */
async function verified(ask, check, no) {
  const dir = mkdtempSync(join(tmpdir(), 'sishi-bundle-')), second = name => new URL(`../second/${name}`, import.meta.url).pathname;
  try {
    const names = (await ask('get_draw', { no })).json.files.map(f => f.name).filter(name => name !== 'exclusions.tsv');
    for (const name of new Set([...names, 'events.tsv'])) writeFileSync(join(dir, name), (await ask('get_draw_file', { no, file: name })).text);
    for (const words of [['python3', second('verify.py'), dir], ['python3', second('replacements.py'), dir], [process.execPath, second('verify.mjs'), dir],
      [process.argv[2], 'draw', 'verify', dir, '--lang', 'en']]) {
      const done = spawnSync(words[0], words.slice(1), { encoding: 'utf8' });
      check(`${words.slice(0, 2).join(' ')} accepts the downloaded files`, done.status === 0, `${done.stdout}${done.stderr}`);
    }
  } finally {
    rmSync(dir, { recursive: true });
  }
}

async function voided(ask, check) {
  const { no } = (await ask('plan_draw', { as: 'planner', body: PLAN })).json;
  await ask('step_commit_kept', { as: 'market', no, body: { dept: 'p_market' } });
  await ask('step_commit_kept', { as: 'ecology', no, body: { dept: 'p_ecology' } });
  await ask('step_freeze', { as: 'operator', no });
  await ask('step_reveal_kept', { as: 'market', no, body: { dept: 'p_market' } });
  await ask('step_close_reveals', { as: 'operator', no, body: { reason: 'no answer' } });
  check('void needs a reason', (await ask('step_void', { as: 'reviewer', no, body: {} })).status === 422);
  await ask('step_void', { as: 'reviewer', no, body: { reason: 'a rehearsal' } });
  const list = await ask('get_draws', { region: '43', state: ['void'], limit: 1 });
  check('a void draw stays visible', list.json.items[0].no === no && list.json.next !== null);
  check('and the list goes on', (await ask('get_draws', { cursor: list.json.next, limit: 1 })).json.items.length === 1);
}

export async function draws(ask, check) {
  const no = await planned(ask, check);
  await committed(ask, check, no);
  await drawn(ask, check, no);
  await replaced(ask, check, no, await looked(ask, check, no));
  await verified(ask, check, no);
  await voided(ask, check);
}
