/* What people do with the pages, from the first click to the last. `makes`: later pages need what it leaves. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PASSWORD } from './province.mjs';
import { PHONE } from './visitor.mjs';

/* By the keyboard alone: Tab until the control has the focus. */
async function tabTo(page, selector) {
  for (let i = 0; i < 200; i++) {
    if (await page.evaluate(wanted => document.activeElement.matches(wanted), selector)) {
      return;
    }
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not come to ${selector}`);
}
async function press(page, selector, key = 'Enter') {
  await tabTo(page, selector);
  await Promise.all([page.waitForEvent('framenavigated'), page.keyboard.press(key)]);
  await page.waitForLoadState('load');
}

const textOf = (page, selector) => page.locator(selector).first().innerText();
const number = text => Number(text.replace(/[^0-9.]/g, ''));

/* The plan, on five pages, without touching the mouse. */
async function makePlan(page, check) {
  await tabTo(page, 'input[name=item][value=A01]');
  await page.keyboard.press('Space');
  await tabTo(page, 'input[name=item][value=F01]');
  await page.keyboard.press('Space');
  await press(page, 'button[name=next]');
  await page.waitForSelector('#preview .figures');
  const visits = async () => number(await textOf(page, '#preview .figures li:nth-child(2) strong'));
  const before = await visits();
  check('the wizard counts what the plan would give', before > 0 ? [] : [`${before} visits`]);
  await tabTo(page, '[id="n.A01"]');
  await page.keyboard.press('Control+A');
  await page.keyboard.type('20');
  await Promise.all([page.waitForResponse(r => r.url().includes('/draws/new/preview')), page.keyboard.press('Tab')]);
  await page.waitForFunction(was => Number(document.querySelector('#preview .figures li:nth-child(2) strong').textContent.replace(/[^0-9.]/g, '')) < was, before);
  check('and counts again when a number changes', await visits() < before ? [] : [`${before} -> ${await visits()}`]);
  await press(page, 'button[name=next]');
  await press(page, 'button[name=next]');
  await press(page, 'button[name=next]');
  await press(page, 'form[method=post][action="/draws/new"] button');
}

/* Whatever part is next, in the order of the page; each is one press of a button. */
async function holdCeremony(page, picture) {
  for (let step = 0; step < 16; step++) {
    const button = page.locator('main form[action*="/step/"] button.main').first();
    if (!await button.count()) {
      return step;
    }
    await Promise.all([page.waitForNavigation(), button.click()]);
    const fault = page.locator('main [role=alert] h1');
    if (await fault.count()) {
      throw new Error(`step ${step}: ${await page.locator('main [role=alert]').innerText()}`);
    }
    if (step === 1) {
      await picture(page, 'ceremony-under-way');
    }
  }
  throw new Error('the ceremony does not end');
}

async function fileOf(page, no, name) {
  return (await page.context().request.get(`/draws/${no}/files/${name}`)).text();
}

async function verifyAsStranger({ visit, facts, check, picture }, options) {
  const { page } = await visit(options);
  await page.goto('/');
  await page.goto('/draws');
  await page.click(`a[href="/draws/${facts.draw}"]`);
  await page.click('#verify [data-start]');
  await page.waitForSelector('#verify .note', { timeout: 60000 });
  check('the browser verifies the draw', await page.locator('#verify .note.good').count() ? [] : [await textOf(page, '#verify .note')]);
  await picture(page, 'verified');
  const drawn = (await fileOf(page, facts.draw, 'result.tsv')).split('\n').map(line => line.split('\t')).filter(row => row[2] === 'S');
  const pool = (await fileOf(page, facts.draw, 'population.tsv')).split('\n').filter(Boolean).map(line => line.split('\t')[0]);
  const hit = drawn[0][3], missed = pool.find(code => !drawn.some(row => row[3] === code) && /^9/.test(code));
  Object.assign(facts, { hit, missed });
  for (const [code, mark, what] of [[hit, 'warn', 'drawn'], [missed, 'good', 'not drawn']]) {
    await page.goto(`/draws/${facts.draw}`);
    await page.fill('#code', code);
    await page.press('#code', 'Enter');
    await page.waitForSelector('main ol .hash');
    check(`a firm that was ${what} is told so, with its proof`, (await page.content()).includes(code) && (await page.locator(`main strong.mark.${mark}`).count()) ? [] : [await textOf(page, 'main')]);
    await picture(page, what.replace(' ', '-'));
  }
  await page.goto(`/draws/${facts.draw}/check?code=91430100MA4L000008`);
  check('a code that is none is explained', await page.locator('#code-error, strong.mark').count() ? [] : [await textOf(page, 'main')]);
}

/* A unified social credit code for a test: both check characters are computed (GB 32100, GB 11714). */
export function creditCode(body) {
  const letters = '0123456789ABCDEFGHJKLMNPQRTUWXY', plain = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';
  const organisation = [3, 7, 9, 10, 5, 8, 4, 2].reduce((sum, weight, i) => sum + weight * plain.indexOf(body[8 + i]), 0);
  const c9 = 11 - organisation % 11, first = body + (c9 === 10 ? 'X' : c9 === 11 ? '0' : String(c9));
  const whole = [...first].reduce((sum, letter, i) => sum + letters.indexOf(letter) * 3 ** i % 31, 0);
  return first + letters[(31 - whole % 31) % 31];
}

async function waitForJob(page) {
  await page.waitForFunction(() => !document.querySelector('#job[hx-get]'), null, { timeout: 30000 });
}

export const STORIES = {
  language: { async tell({ visit, check }) {
    const { page } = await visit();
    await page.goto('/help');
    await page.click('header a[hreflang=en]');
    check('English after one click, on the same page', await page.getAttribute('html', 'lang') === 'en' && page.url().includes('/help') ? [] : [page.url()]);
    await page.goto('/a11y');
    check('and on the next page', await page.getAttribute('html', 'lang') === 'en' ? [] : ['not English']);
    await page.click('header a[hreflang=zh-CN]');
    check('and back', await page.getAttribute('html', 'lang') === 'zh-CN' ? [] : ['not Chinese']);
    await page.click('header a[href*="text=large"]');
    await page.goto('/');
    check('large text is remembered', await page.getAttribute('html', 'class') === 'large' ? [] : ['it is not']);
  } },

  draw: { makes: true, async tell(told) {
    const { visit, facts, check, picture } = told, began = Date.now();
    const { page } = await visit();
    await page.goto('/');
    await page.click('main a.button.main');
    await Promise.all([page.waitForURL('**/draws/new'), page.click('.accounts .main')]);
    await makePlan(page, check);
    facts.draw = page.url().match(/draws\/([^/]+)\/ceremony/)[1];
    const room = await visit({ lang: 'en' });
    await room.page.goto(`/draws/${facts.draw}/ceremony`);
    const seen = await textOf(room.page, '#live strong');
    await holdCeremony(page, picture);
    await room.page.waitForFunction(was => document.querySelector('#live strong').innerText !== was, seen, { timeout: 8000 });
    check('the room sees it happen without touching anything', []);
    await picture(room.page, 'room');
    await page.goto(`/draws/${facts.draw}`);
    check('it is published', await page.locator('h1 ~ p .mark.good').count() ? [] : [await textOf(page, 'main')]);
    await verifyAsStranger(told);
    check(`two minutes suffice`, Date.now() - began < 120000 ? [] : [`${Date.now() - began} ms`]);
  } },

  draw_on_a_phone: { async tell(told) {
    await verifyAsStranger(told, { viewport: PHONE });
  } },

  /* Whole without JavaScript: planned, a department's part, then declared void. */
  void: { makes: true, async tell({ visit, facts, check, picture }) {
    const { page } = await visit({ as: 'demo', script: false });
    await page.goto('/draws/new?item=B02&n.B02=5&reserve.B02=1&at=5');
    await page.click('form[method=post][action="/draws/new"] button');
    facts.voided = page.url().match(/draws\/([^/]+)\/ceremony/)[1];
    await page.click('main form[action$="/step/commit-kept"] button');
    check('a department has sealed its number', (await page.innerText('main')).includes('1 / 3') ? [] : [await page.innerText('main')]);
    await page.click('main details:last-of-type > summary');
    await page.fill('form[action$="/step/void"] input[name=reason]', '浏览器测试：计划有误');
    await page.click('form[action$="/step/void"] button');
    await page.goto(`/draws/${facts.voided}`);
    check('a void draw says why', (await page.innerText('main')).includes('浏览器测试：计划有误') ? [] : [await page.innerText('main')]);
    await picture(page, 'said');
  } },

  /* Sealed weights and SM3: officers verify it all; the public is told what it can check. */
  sealed: { makes: true, async tell({ visit, facts, check, picture }) {
    const { page } = await visit({ as: 'demo' });
    await page.goto('/draws/new?item=A01&n.A01=10&reserve.A01=2&sealed=1&hash=sm3&at=5');
    await page.click('form[method=post][action="/draws/new"] button');
    facts.sealed = page.url().match(/draws\/([^/]+)\/ceremony/)[1];
    await holdCeremony(page, async () => {});
    await page.goto(`/draws/${facts.sealed}`);
    await page.click('#verify [data-start]');
    await page.waitForSelector('#verify .note', { timeout: 60000 });
    check('an officer verifies a sealed draw', await page.locator('#verify .note.good').count() ? [] : [await textOf(page, '#verify .note')]);
    const { page: stranger } = await visit();
    await stranger.goto(`/draws/${facts.sealed}`);
    check('a stranger is not offered what cannot work', await stranger.locator('#verify').count() === 0 && await stranger.locator('a[href$="/files/leaves.tsv"]').count() ? [] : [await stranger.innerText('main')]);
    await stranger.fill('#code', (await fileOf(stranger, facts.sealed, 'leaves.tsv')).split('\t')[0]);
    await stranger.press('#code', 'Enter');
    await stranger.waitForSelector('main ol .hash');
    await picture(stranger, 'own-line');
  } },

  /* A department's administrator declares a tie; the form that is wrong says so. */
  interests: { async tell({ visit, check, picture }) {
    const { page } = await visit({ as: 'market' });
    await page.goto('/inspectors?dept=p_market');
    await page.click('#content tbody a');
    const firm = (await (await page.context().request.get('/api/v1/entities?limit=1')).json());
    const code = JSON.stringify(firm).match(/"code":"([^"]+)"/)[1];
    await page.click('details:has(form[action$="/interests"]) > summary');
    await page.fill('#t-code', code);
    await page.fill('#t-from', '2025-01-02');
    await page.fill('#t-note', '浏览器测试');
    await page.click('form[action$="/interests"] button');
    check('the tie is recorded', (await page.innerText('main')).includes('浏览器测试') ? [] : [await page.innerText('main')]);
    await picture(page, 'declared');
    await page.click('details:has(form[action$="/interests"]) > summary');
    await page.fill('#t-code', '91430100MA4T00254X');
    await page.fill('#t-from', '2025-01-02');
    await page.click('form[action$="/interests"] button');
    check('a wrong code is refused with the reason', (await page.innerText('[role=alert]')).includes('91430100MA4T00254X') ? [] : [await page.innerText('main')]);
  } },

  sign_in: { async tell({ visit, check }) {
    const { page } = await visit();
    await page.goto('/import');
    check('a page that needs an account leads to the door', page.url().includes('/sign-in?to=') ? [] : [page.url()]);
    await page.fill('#name', 'registrar');
    await page.fill('#password', 'not the password');
    await page.press('#password', 'Enter');
    await page.waitForSelector('#problem');
    check('a wrong password is said beside the field', await page.getAttribute('#password', 'aria-invalid') === 'true' && await page.inputValue('#name') === 'registrar' ? [] : [await page.innerText('main')]);
    await page.fill('#password', PASSWORD);
    await Promise.all([page.waitForURL('**/import'), page.press('#password', 'Enter')]);
    await page.click('header form button');
    await page.goto('/import');
    check('after signing out it is closed again', page.url().includes('/sign-in') ? [] : [page.url()]);
  } },

  search: { async tell({ visit, check, picture }) {
    for (const viewport of [undefined, PHONE]) {
      const { page } = await visit(viewport ? { viewport } : {});
      await page.goto('/entities');
      const name = await textOf(page, '#results th[scope=row] a'), two = name.slice(2, 4);
      await Promise.all([page.waitForResponse(r => r.url().includes('/entities?')), page.fill('#q', two)]);
      await page.waitForSelector('#results .chip');
      const found = await page.locator('#results th[scope=row]').allInnerTexts();
      check(`two characters find names with them (${viewport ? 'phone' : 'desk'})`, found.length && found.every(text => text.includes(two)) ? [] : [`${two}: ${found.slice(0, 3)}`]);
      check('the address can be kept', decodeURIComponent(page.url()).includes(two) ? [] : [page.url()]);
      await picture(page, viewport ? 'phone' : 'desk');
      await page.click('#results .chip');
      check('the chip takes the condition away', await page.inputValue('#q') === '' ? [] : ['it does not']);
      await page.fill('#q', name);
      await page.press('#q', 'Enter');
      await page.waitForFunction(() => document.querySelectorAll('#results tbody tr').length === 1);
      await page.click('#results th[scope=row] a');
      await page.waitForURL('**/e/**');
      check('and opens', await textOf(page, 'h1') === name ? [] : [await textOf(page, 'h1')]);
    }
  } },

  import: { makes: true, async tell({ visit, facts, check, picture }) {
    const { page } = await visit({ as: 'registrar' });
    const good = ['91430100MA4T001', '91430100MA4T002'].map(body => creditCode(body + '5')), file = join(facts.home, 'firms.csv');
    writeFileSync(file, '\ufeff统一社会信用代码,企业名称,住所,成立日期\r\n' +
      `${good[0]},浏览器测试甲商贸有限公司,长沙市岳麓区一号,2024-05-06\r\n${good[1]},浏览器测试乙商贸有限公司,长沙市岳麓区二号,2024-05-07\r\n` +
      `${good[0].slice(0, 17)}${good[0][17] === '0' ? '1' : '0'},浏览器测试丙商贸有限公司,长沙市岳麓区三号,2024-05-08\r\n`);
    for (const mode of ['dry', 'commit']) {
      await page.goto('/import');
      await page.setInputFiles('#file', file);
      await page.click('main form button.main');
      await page.waitForSelector('select[name=c0]');
      check('columns are recognised', await page.inputValue('select[name=c0]') === 'uscc' && await page.inputValue('select[name=c1]') === 'name' ? [] : ['they are not']);
      await picture(page, 'mapping');
      await page.fill('#region', '430104');
      await Promise.all([page.waitForURL('**/jobs/**'), page.click(`button[value=${mode}]`)]);
      await waitForJob(page);
      facts.job = page.url().match(/jobs\/([^/?]+)/)[1];
      await picture(page, mode);
      const [saved] = await Promise.all([page.waitForEvent('download'), page.click('#job a[href$="/result"]')]);
      const errors = readFileSync(await saved.path(), 'utf8');
      check(`the bad row comes back, and only it (${mode})`, errors.includes('测试丙') && !errors.includes('测试甲') ? [] : [errors.slice(0, 200)]);
      const there = (await page.context().request.get(`/api/v1/entities/${good[1]}`)).status();
      check(mode === 'dry' ? 'a trial writes nothing' : 'the good rows are in the register', there === (mode === 'dry' ? 404 : 200) ? [] : [`${there}`]);
    }
    Object.assign(facts, { entity: good[1] });
  } },
};
