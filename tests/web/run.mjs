/* The pages in a real browser.
 *   node run.mjs SISHI PICTURES [NAME ...]     only the pages and stories whose name holds a NAME
 * Every page of the route table, in both languages, at 1366 and 390 px: status, console, content security
 * policy, WCAG 2.2 AA by axe, no sideways scrolling at 320 px, the keyboard, and the same text without
 * JavaScript. Then stories. A picture of every page is left in the folder PICTURES. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import * as checks from './checks.mjs';
import { FAULTS, PAGES } from './pages.mjs';
import { startProvince } from './province.mjs';
import { STORIES } from './stories.mjs';
import { newVisitor, openBrowser, PHONE, WIDE } from './visitor.mjs';

const [sishi, pictures, ...only] = process.argv.slice(2);
const wanted = name => !only.length || only.some(word => name.includes(word));
let passed = 0, failed = 0;

function check(what, wrong) {
  const list = [].concat(wrong).filter(Boolean);
  if (list.length) {
    failed++;
    console.log(`FAIL ${what}: ${list.join('\n     ')}`.slice(0, 1500));
  } else {
    passed++;
  }
}

const picture = (page, name) => page.screenshot({ path: join(pictures, name + '.png'), fullPage: true });
const slow = [];

async function lookAt(visitor, shown, links) {
  const { page, lang } = visitor, name = `${shown.name} ${lang}`, began = Date.now();
  await page.setViewportSize(WIDE);
  const answer = await page.goto(shown.path, { waitUntil: 'load' });
  slow.push([Date.now() - began, name]);
  await page.waitForFunction(() => !document.querySelector('.pending')); // parts that a page asks for itself
  check(`${name}: status`, answer.status() === (shown.status || 200) ? [] : [`${answer.status()} ${shown.path}`]);
  check(`${name}: language`, await page.getAttribute('html', 'lang') === (lang === 'zh' ? 'zh-CN' : 'en') ? [] : ['not the one asked for']);
  const text = await checks.saysInTheMiddle(page);
  if (lang === 'en') {
    check(`${name}: translated`, await checks.foreignText(page));
  }
  (await checks.linksOf(page)).forEach(href => links.has(href) || links.set(href, shown.name));
  check(`${name} 1366: axe`, await checks.axe(page));
  await picture(page, `${shown.name}-${lang}-1366`);
  if (lang === 'zh') {
    check(`${name} 1366: keyboard`, await checks.keyboard(page));
  }
  await page.setViewportSize(PHONE);
  check(`${name} 390: axe`, await checks.axe(page));
  await picture(page, `${shown.name}-${lang}-390`);
  await page.setViewportSize({ width: 320, height: 640 });
  check(`${name} 320: reflow`, await checks.reflow(page));
  check(`${name}: console`, visitor.takeComplaints());
  return text;
}

/* The same page for somebody whose browser runs no script. */
async function lookWithoutScript(visitor, shown, text) {
  await visitor.page.goto(shown.path);
  const plain = await checks.saysInTheMiddle(visitor.page);
  check(`${shown.name}: without JavaScript`, plain === text || shown.same === false && plain.length > 0 ? [] :
    [`with: ${text.slice(0, 300)}\n     without: ${plain.slice(0, 300)}`]);
}

async function walk(browser, province, pages, lang, links) {
  const accounts = [...new Set(pages.map(p => p.as || null))];
  for (const as of accounts) {
    const visitor = await newVisitor(browser, province.address, { lang, as });
    const plain = lang === 'zh' && await newVisitor(browser, province.address, { lang, as, script: false });
    for (const shown of pages.filter(p => (p.as || null) === as)) {
      try {
        const text = await lookAt(visitor, shown, links);
        if (plain) {
          await lookWithoutScript(plain, shown, text);
        }
      } catch (error) {
        check(`${shown.name} ${lang}`, [String(error)]);
      }
    }
    if (as === null || lang === 'zh') {
      await followAll(visitor, links, lang);
    }
    await visitor.close();
    if (plain) {
      await plain.close();
    }
  }
}

/* No link leads nowhere. Of addresses that differ only in their numbers and query, three are tried. */
const tried = new Map();
async function followAll(visitor, links, lang) {
  for (const [href, from] of links) {
    const url = new URL(href), kind = `${lang} ${url.pathname.replace(/[0-9][0-9A-Z-]*/g, '#')}`;
    const times = tried.get(kind) || 0;
    links.delete(href);
    if (url.host !== new URL(visitor.page.url()).host || times >= 3 || url.pathname.startsWith('/sign-in') || [...url.searchParams.keys()].some(k => k === 'lang' || k === 'text')) {
      continue;
    }
    tried.set(kind, times + 1);
    const answer = await visitor.context.request.get(href, { maxRedirects: 3 });
    check(`link to ${url.pathname}${url.search} on ${from}`, answer.status() === 200 ? [] : [`${answer.status()}`]);
    if (url.hash.length > 1 && answer.headers()['content-type'].startsWith('text/html')) {
      check(`${url.pathname}${url.hash} on ${from}`, (await answer.text()).includes(`id="${url.hash.slice(1)}"`) ? [] : ['no such place on that page']);
    }
  }
}

async function lookAtPages(browser, province, facts) {
  const routes = province.routes.filter(r => r.method === 'GET' && r.name.startsWith('web_'));
  routes.forEach(r => check(`${r.pattern} is tested`, PAGES[r.name] ? [] : [`add ${r.name} to tests/web/pages.mjs`]));
  const at = p => typeof p.at === 'function' ? p.at(facts) : p.at;
  const all = routes.filter(r => PAGES[r.name]).flatMap(r => [].concat(PAGES[r.name]).map((p, i) => ({ ...p, name: (r.name + (i || '')).replace(/^web_(page_)?/, ''), path: at(p) })));
  const pages = all.concat(FAULTS.map(f => ({ ...f, path: at(f) }))).filter(p => !p.kind).filter(p => wanted(p.name));
  await Promise.all(['zh', 'en'].map(lang => walk(browser, province, pages, lang, new Map())));
  for (const p of all.filter(p => p.kind && wanted(p.name))) {
    const visitor = await newVisitor(browser, province.address, { as: p.as });
    const answer = await visitor.context.request.get(p.path);
    check(`${p.name}: status`, answer.status() === 200 ? [] : [`${answer.status()} ${p.path}`]);
    check(`${p.name}: type`, answer.headers()['content-type'].startsWith(p.type || 'text/html') ? [] : [answer.headers()['content-type']]);
    await visitor.close();
  }
}

async function tellStories(browser, province, facts) {
  for (const [name, story] of Object.entries(STORIES)) {
    if (!wanted('story_' + name) && !story.makes) {
      continue;
    }
    const began = Date.now(), opened = [];
    const visit = async options => (opened.push(await newVisitor(browser, province.address, options)), opened[opened.length - 1]);
    try {
      await story.tell({ visit, facts, province, check: (what, wrong) => check(`story ${name}: ${what}`, wrong),
        picture: (page, what) => picture(page, `story_${name}-${what}`) });
      check(`story ${name} is told to its end`, []);
    } catch (error) {
      check(`story ${name}`, [String(error.stack || error)]);
      const last = opened[opened.length - 1];
      if (last) {
        await picture(last.page, `story_${name}-broken`).catch(() => {});
      }
    }
    for (const visitor of opened) {
      check(`story ${name}: console`, visitor.takeComplaints());
      await visitor.close();
    }
    console.log(`story ${name}: ${((Date.now() - began) / 1000).toFixed(1)} s`);
  }
}

async function main() {
  mkdirSync(pictures, { recursive: true });
  const province = await startProvince(sishi, 3000), browser = await openBrowser(), facts = { home: province.home };
  try {
    await tellStories(browser, province, facts); // they leave a published draw and jobs behind
    await lookAtPages(browser, province, facts);
  } finally {
    await browser.close();
    check('the server stops when told to', await province.stop() === 0 ? [] : ['it did not']);
  }
  console.log('slowest: ' + slow.sort((a, b) => b[0] - a[0]).slice(0, 5).map(([ms, name]) => `${name} ${ms} ms`).join(', '));
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed ? 1 : 0;
}

main();
