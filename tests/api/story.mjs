/* A working day told through the API: every operation succeeds once, and the refusals that matter are given. */
import { PASSWORD } from './province.mjs';
import { draws } from './story_draw.mjs';
import { imports } from './story_import.mjs';
import { evidence } from './story_log.mjs';

let FIRST; // a market entity of the made-up province;

async function reference(ask, check) {
  await ask('get_openapi_yaml');
  const description = await ask('get_openapi_json');
  check('the JSON form is OpenAPI', description.json.openapi.startsWith('3.1'));
  await ask('get_problems');
  check('a problem in English', (await ask('get_problem', { problem: 'FIELD', headers: { 'Accept-Language': 'en' } })).json.title.includes('field'));
  check('right code', (await ask('get_code', { code: '91350100M000100Y43' })).json.valid);
  const codes = await ask('check_codes', { body: { codes: ['91350100M000100Y43', '9135010OM000100Y43'] } });
  check('wrong code, its place and correction', codes.json.items[1].position === 8 && codes.json.items[1].suggestion === '91350100M000100Y43');
  await ask('get_regions', { under: '430000' });
  check('no such region', (await ask('get_region', { region: '999999' })).status === 404);
  await ask('get_region', { region: '430102' });
  check('industries of a section', (await ask('get_industries', { under: 'F', level: 2 })).json.items.length === 2);
  await ask('get_classes');
  await ask('get_statuses');
}

async function register(ask, check) {
  FIRST = (await ask('get_entities_csv')).text.match(/9[0-9A-Z]{17}/)[0];
  const entity = await ask('get_entity', { code: FIRST });
  check('the public sees no grade', entity.json.grade === null);
  check('staff do', 'ABCD'.includes((await ask('get_entity', { code: FIRST, as: 'planner' })).json.grade));
  check('it did not exist before', (await ask('get_entity', { code: FIRST, as_of: '1990-01-01' })).status === 404);
  check('history is not public', (await ask('get_entity_history', { code: FIRST })).status === 401);
  await ask('get_entity_history', { code: FIRST, as: 'planner' });
  await ask('get_entity_names', { code: FIRST });
  await ask('get_entity_codes', { code: FIRST });
  const counts = await ask('get_entity_counts', { region: '43' });
  check('all are counted', counts.json.all === 400, counts.json);
  check('grades are staff only', (await ask('get_entity_counts', { grade: ['A'] })).status === 401);
  const page = await ask('get_entities', { limit: 2, region: '43', count: true });
  check('a page and its count', page.json.items?.length === 2 && page.json.count === 400);
  const second = await ask('get_entities', { limit: 2, region: '43', cursor: page.json.next });
  check('the next page goes on', second.json.items?.[0].code > page.json.items?.[1].code);
  check('another cursor is refused', (await ask('get_entities', { cursor: 'nonsense' })).status === 422);
  check('an unknown field is named', (await ask('get_entities', { limit: 0 })).json.detail.startsWith('limit'));
  const csv = await ask('get_entities_csv', { region: '43' });
  check('CSV has a header and all rows', csv.text.trim().split('\r\n').length === 401, csv.text.slice(0, 200));
  check('every column is staff only', (await ask('get_entities_csv', { view: 'staff' })).status === 401);
}

async function registrar(ask, check) {
  const company = { name: '接口公司', class: 'company', region: '430102', uscc: '91350100M000100Y43', established_on: '2020-01-01' };
  const once = { as: 'registrar', headers: { 'Idempotency-Key': 'add-1' }, body: company };
  const made = await ask('add_entity', once);
  check('the same key gives the same answer', (await ask('add_entity', once)).text === made.text);
  check('it is there', (await ask('get_entity', { code: made.json.id })).json.name === company.name);
  check('where it says', made.headers.get('location') === `/api/v1/entities/${made.json.id}`);
  check('without the key it is a double', (await ask('add_entity', { ...once, headers: {} })).status === 409);
  check('a planner may not', (await ask('add_entity', { ...once, as: 'planner' })).status === 403);
  check('an unknown member is named', (await ask('add_entity', { ...once, headers: {}, body: { ...company, colour: 'red' } })).json.detail.startsWith('colour:'));
  check('a missing one too', (await ask('add_entity', { as: 'registrar', body: { name: 'x' } })).json.detail.startsWith('class:'));
  const change = { version: 1, from_on: '2021-01-01', reason: 'renamed', set: { name: '接口新公司', premises: '示范路1号' } };
  const moved = { as: 'registrar', code: made.json.id, headers: { 'Idempotency-Key': 'change-1' }, body: change };
  check('changed', (await ask('change_entity', moved)).status === 204);
  check('changed once', (await ask('change_entity', moved)).status === 204);
  check('the old version is refused', (await ask('change_entity', { ...moved, headers: {} })).json.code === 'MOVED_MEANWHILE');
  check('an inner member is named', (await ask('change_entity', { ...moved, headers: {}, body: { ...change, set: { capital_fen: -1 } } })).json.detail.startsWith('set.capital_fen:'));
  const before = await ask('get_entity', { code: made.json.id, as_of: '2020-06-01' });
  check('as it was', before.json.name === company.name, before.json);
  await ask('add_entity_alias', { as: 'registrar', code: made.json.id, body: { alias: '接口别名' } });
  const found = await ask('get_entities', { name: '接口别名' });
  check('found by its alias', found.json.items?.[0]?.matched === '接口别名', found.text);
}

async function directories(ask, check) {
  const departments = await ask('get_departments', { region: '43' });
  await ask('get_department', { dept: departments.json.items[0].code });
  const items = await ask('get_items');
  await ask('get_item', { item: items.json.items[0].code });
  const page = await ask('get_inspectors', { as: 'planner', limit: 3 });
  check('a page of inspectors', page.json.items.length === 3 && page.json.next === page.json.items[2].staff_no, page.text);
  check('their names are not public', (await ask('get_inspectors')).status === 401);
  const me = await ask('get_me', { as: 'market' });
  const dept = me.json.dept;
  const one = (await ask('get_inspectors', { as: 'planner', dept, limit: 1 })).json.items[0];
  await ask('get_inspector', { as: 'planner', staff_no: one.staff_no });
  const officer = { name: '张三', dept, kind: 'officer', regions: ['43'], quals: [], cert_no: 'ZF430001', cert_valid_to_on: '2099-12-31', cap: 9 };
  await ask('put_inspector', { as: 'market', staff_no: 'API001', body: officer });
  check('another department may not', (await ask('put_inspector', { as: 'ecology', staff_no: 'API001', body: officer })).status === 403);
  await ask('add_interest', { as: 'market', staff_no: 'API001', body: { entity: FIRST, kind: 'relative', from_on: '2020-01-01' } });
  const interests = await ask('get_interests', { as: 'planner', staff_no: 'API001' });
  check('an interest is kept', interests.json.items[0]?.entity === FIRST, interests.text);
}

async function accounts(ask, check) {
  check('me', (await ask('get_me', { as: 'planner' })).json.roles.join() === 'planner');
  const session = await ask('open_session', { body: { name: 'planner', password: PASSWORD } });
  const cookie = session.headers.get('set-cookie').split(';')[0];
  const token = await ask('make_token', { as: 'registrar', body: { label: 'with fewer roles', roles: ['planner'], days: 1 } });
  check('a token has no more roles than its account', token.status === 422 || (await ask('add_entity', { as: token.json.token, body: {} })).status === 403, token.text);
  check('a wrong password', (await ask('open_session', { body: { name: 'planner', password: 'nonsense' } })).status === 401);
  check('a session writes with its form token only', (await ask('make_token', { headers: { Cookie: cookie }, body: { label: 'x', days: 1 } })).json.code === 'CSRF');
  check('another site may not', (await ask('make_token', { headers: { Cookie: cookie, Origin: 'http://elsewhere.example', 'X-Form-Token': session.json.form_token }, body: { label: 'x', days: 1 } })).status === 403);
  await ask('make_token', { headers: { Cookie: cookie, 'X-Form-Token': session.json.form_token }, body: { label: 'x', days: 1 } });
  check('signed out', (await ask('close_session', { headers: { Cookie: cookie, 'X-Form-Token': session.json.form_token } })).status === 204);
  check('and stays so', (await ask('get_me', { headers: { Cookie: cookie } })).status === 401);
  check('accounts are the administrator\'s', (await ask('get_accounts', { as: 'planner' })).status === 403);
  await ask('add_account', { as: 'root', body: { name: 'api-new', shown: 'New', password: 'Quite-long-1', roles: ['planner'] } });
  await ask('set_password', { as: 'root', account: 'api-new', body: { password: 'Quite-long-2' } });
  check('the new account is listed', (await ask('get_accounts', { as: 'root' })).json.items.some(a => a.name === 'api-new'));
}

export async function story(ask, check, province) {
  await reference(ask, check);
  await register(ask, check);
  await registrar(ask, check);
  await directories(ask, check);
  await accounts(ask, check);
  await imports(ask, check);
  await draws(ask, check);
  await evidence(ask, check);
}
