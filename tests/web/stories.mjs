/* What people do with the pages, from the first click to the last. `makes`: later pages need what it leaves. */
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
  } },
};
