/* Every page of the route table: how to come to it, and as whom. A page that is not here fails the suite.
 *   at    path, or a function of what the province holds (see facts.mjs)
 *   as    demo account; nobody when missing
 *   kind  page (default) | part (of a page, for htmx) | file
 *   same  false: what it says in the middle needs JavaScript to be whole */
export const PAGES = {
  web_page_home: { at: '/' },
  web_page_help: { at: '/help' },
  web_page_a11y: { at: '/a11y' },
  web_page_sign_in: { at: '/sign-in' },
  web_page_departments: [{ at: '/departments' }, { at: '/departments', as: 'planner' }],
  web_page_inspectors: { at: '/inspectors', as: 'planner' },
  web_page_items: { at: '/items' },
};

/* Pages that no route has: what is wrong is said on a page too. */
export const FAULTS = [
  { name: 'fault_404', at: '/nowhere', status: 404 },
];
