/* A file into the register: looked at, mapped, tried, imported as a job, its refusals fetched. */
import { setTimeout as sleep } from 'node:timers/promises';

const CSV = '名称,代码,类型,区划,杂项\n进口公司,91350100M000100Y43,公司,430102,x\n坏行,91350100M000100Y44,公司,430102,x\n';

async function ended(ask, job) {
  for (let k = 0; k < 200; k++) {
    const { json } = await ask('get_job', { as: 'registrar', job });
    if (!['waiting', 'running'].includes(json.state)) return json;
    await sleep(50);
  }
  throw new Error(`job ${job} does not end`);
}

export async function imports(ask, check) {
  const look = await ask('upload_csv', { as: 'registrar', body: CSV, type: 'text/csv' });
  check('columns with samples', look.json.columns.length === 5 && look.json.columns[0].sample[0] === '进口公司', look.text);
  check('no JSON here', (await ask('upload_csv', { as: 'registrar', body: '{}', type: 'application/json' })).status === 415);
  check('a planner may not', (await ask('upload_csv', { as: 'planner', body: CSV, type: 'text/csv' })).status === 403);
  const mapping = { name: 0, uscc: 1, class: 2, region: 3 };
  const plan = { as: 'registrar', headers: { 'Idempotency-Key': 'import-1' }, body: { upload: look.json.upload, title: '试', mapping, dry_run: true } };
  check('a column past the last', (await ask('start_import', { ...plan, headers: {}, body: { ...plan.body, mapping: { name: 64 } } })).json.detail.startsWith('mapping.name:'));
  const started = await ask('start_import', plan);
  check('started once', (await ask('start_import', plan)).text === started.text, started.text);
  const tried = await ended(ask, started.json.job);
  check('tried: one row fits, one is refused', tried.state === 'done' && tried.counts.rows === 2 && tried.counts.refused === 1, tried);
  const result = await ask('get_job_result', { as: 'registrar', job: tried.id });
  check('the refused row says why', result.text.includes('91350100M000100Y44'), result.text);
  const direct = await ask('import_csv', { as: 'registrar', body: '企业名称,统一社会信用代码,主体类型,行政区划\n甲公司,91350100M000100Y43,公司,430102\n', type: 'text/csv', title: '夜间' });
  const done = await ended(ask, direct.json.job);
  check('imported', done.state === 'done' && done.counts.rows === 1, done);
  check('whose job it is not', [403, 404].includes((await ask('get_job', { as: 'root', job: done.id })).status));
  const long = '企业名称,统一社会信用代码,主体类型,行政区划\n' + '丙公司,91350100M000100Y44,公司,430102\n'.repeat(50000);
  const { job } = (await ask('import_csv', { as: 'registrar', body: long, type: 'text/csv', dry_run: true })).json;
  check('asked to stop', (await ask('cancel_job', { as: 'registrar', job })).status === 204);
  check('it stops', (await ended(ask, job)).state === 'cancelled');
  check('jobs are listed, newest first', (await ask('get_jobs', { as: 'registrar' })).json.items[0].id === job);
}
