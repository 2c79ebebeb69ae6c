/* A person at a browser: a context with a language, an account and perhaps without JavaScript. What the
 * console, the content security policy or the page itself complains about is kept in `complaints`. */
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { PASSWORD } from './province.mjs';

export const WIDE = { width: 1366, height: 768 }, PHONE = { width: 390, height: 844 };
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync'];

export function openBrowser() {
  const path = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
  if (!path) {
    throw new Error('no Chromium under /usr/bin');
  }
  return chromium.launch({ executablePath: path, headless: true, args: FLAGS });
}

export async function newVisitor(browser, address, { lang = 'zh', as = null, viewport = WIDE, script = true } = {}) {
  const context = await browser.newContext({
    baseURL: address, viewport, javaScriptEnabled: script, locale: lang === 'zh' ? 'zh-CN' : 'en-GB', acceptDownloads: true,
    reducedMotion: 'reduce' });
  const page = await context.newPage(), complaints = [];
  page.setDefaultTimeout(15000);
  page.on('console', said => {
    if (['error', 'warning'].includes(said.type()) && !/^Failed to load resource/.test(said.text())) {
      complaints.push(said.text());
    }
  });
  page.on('pageerror', error => complaints.push(String(error)));
  page.on('response', answer => {
    if (answer.status() >= 500) {
      complaints.push(`${answer.status()} ${answer.url()}`);
    }
  });
  await page.goto(`/help?lang=${lang}`);
  if (as) {
    await signIn(page, as);
  }
  return {
    page, context, lang, as,
    takeComplaints: () => complaints.splice(0),
    close: () => context.close(),
  };
}

export async function signIn(page, name, to = '/') {
  await page.goto('/sign-in?to=' + encodeURIComponent(to));
  await page.fill('#name', name);
  await page.fill('#password', PASSWORD);
  await Promise.all([page.waitForURL(url => !url.pathname.startsWith('/sign-in')), page.press('#password', 'Enter')]);
}
