/* What every page must pass. Each check answers a list of what is wrong with the page shown. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

export async function axe(page) {
  if (!await page.evaluate(() => typeof window.axe === 'object')) {
    await page.evaluate(AXE);
  }
  const found = await page.evaluate(tags => window.axe.run(document, { runOnly: tags, resultTypes: ['violations'] }), WCAG);
  return found.violations.map(v => `axe ${v.id}: ${v.help}: ${v.nodes.slice(0, 3).map(n => n.target.join(' ')).join(' | ')}`);
}

/* Nothing stands out of a window of 320 px (WCAG 1.4.10); what scrolls inside its own box does not count. */
export async function reflow(page) {
  return page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width) {
      return [];
    }
    const out = [...document.querySelectorAll('body *')].filter(e => {
      const r = e.getBoundingClientRect();
      return r.width > 1 && r.right > width + 1 && !e.closest('.table-wrap, pre');
    });
    return [`${document.documentElement.scrollWidth} px wide in ${width}: ${out.slice(0, 4).map(e => e.outerHTML.slice(0, 90)).join(' | ')}`];
  });
}

/* Chinese in an English page stands in an element that says so; of a template it is a missing translation. */
export async function foreignText(page) {
  return page.evaluate(() => {
    const wrong = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node; (node = walk.nextNode());) {
      const at = node.parentElement, lang = at.closest('[lang]');
      if (/[\u4e00-\u9fff]/.test(node.data) && lang && lang.lang === 'en' && !at.closest('script, style')) {
        wrong.push(`Chinese in English: ${node.data.trim().slice(0, 40)} in ${at.outerHTML.slice(0, 60)}`);
      }
    }
    return wrong.slice(0, 3);
  });
}

const STOPS = 'a[href], button:not([disabled]), input:not([type=hidden]):not([disabled]), select, textarea, summary, [tabindex="0"]';

/* By the tab key alone: the skip link first, then every control that is shown, each with a focus that is
 * seen and not hidden. Radio buttons of one name are one stop. */
export async function keyboard(page, most = 70) {
  const wrong = [];
  await page.evaluate(() => { document.activeElement.blur(); window.scrollTo(0, 0); });
  const wanted = await page.evaluate(([stops, max]) => {
    const seen = new Set();
    return [...document.querySelectorAll(stops)].filter(e => {
      const closed = e.closest('details:not([open])');
      if (!e.getClientRects().length || (closed && e.tagName !== 'SUMMARY')) {
        return false;
      }
      const group = e.type === 'radio' ? e.name : null;
      return !(group && seen.has(group)) && seen.add(group);
    }).slice(0, max).map((e, i) => { e.dataset.stop = String(i); return e.outerHTML.slice(0, 70); });
  }, [STOPS, most]);
  const reached = new Set();
  for (let i = 0; i < most + 8 && reached.size < wanted.length; i++) {
    await page.keyboard.press('Tab');
    const at = await page.evaluate(() => {
      const e = document.activeElement, style = getComputedStyle(e), r = e.getBoundingClientRect();
      return { stop: e.dataset.stop, outline: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
        shown: r.bottom > 0 && r.top < innerHeight && r.right > 0 && r.left < innerWidth, html: e.outerHTML.slice(0, 70) };
    });
    if (at.stop === undefined && i > 0) {
      if (reached.size) break;
      continue;
    }
    reached.add(at.stop);
    if (!at.outline) wrong.push(`focus is not seen on ${at.html}`);
    if (!at.shown) wrong.push(`focus is out of sight on ${at.html}`);
  }
  if (!reached.has('0') || !/class="skip"/.test(wanted[0])) {
    wrong.push(`the skip link is not first: ${wanted[0]}`);
  }
  wanted.forEach((html, i) => reached.has(String(i)) || wrong.push(`not reached by Tab: ${html}`));
  return wrong.slice(0, 5);
}

/* What a page says in its middle, for comparing with JavaScript and without. */
export const saysInTheMiddle = page => page.evaluate(() => {
  const main = document.querySelector('main').cloneNode(true);
  main.querySelectorAll('[data-script], noscript, button, script').forEach(e => e.remove());
  return main.textContent.replace(/\s+/g, ' ').trim();
});

export const linksOf = page => page.evaluate(() => [...document.querySelectorAll('a[href]:not(.skip)')].map(a => a.href));
