/* Every page of the route table: how to come to it, and as whom. A page that is not here fails the suite.
 *   at    path, or a function of what the stories left: { draw, voided, sealed, hit, missed, entity, job }
 *   as    demo account; nobody when missing
 *   kind  page (default) | part (of a page, for htmx) | file, with its `type`
 *   same  false: without JavaScript it may say less */
const draw = (path = '') => facts => `/draws/${facts.draw}${path}`;

export const PAGES = {
  web_page_home: { at: '/' },
  web_page_help: { at: '/help' },
  web_page_a11y: { at: '/a11y' },
  web_page_sign_in: { at: '/sign-in' },

  web_page_entities: [{ at: '/entities' }, { at: '/entities?q=zzzz' }, { at: '/entities?q=9143', as: 'registrar' }],
  web_entities_csv: { at: '/entities.csv?region=430104', kind: 'file', type: 'text/csv' },
  web_page_entity: [{ at: f => `/e/${f.entity}` }, { at: f => `/e/${f.entity}?on=2024-06-01`, as: 'registrar' }],

  web_page_import: { at: '/import', as: 'registrar' },
  web_page_jobs: { at: '/jobs', as: 'registrar' },
  web_page_job: { at: f => `/jobs/${f.job}`, as: 'registrar' },
  web_job_result: { at: f => `/jobs/${f.job}/result`, as: 'registrar', kind: 'file', type: 'text/csv' },

  web_page_departments: [{ at: '/departments' }, { at: '/departments', as: 'planner' }],
  web_page_inspectors: [{ at: '/inspectors', as: 'planner' }, { at: '/inspectors?dept=p_market', as: 'market' }],
  web_page_inspector: [{ at: '/inspectors/430000-01-001', as: 'planner' }, { at: '/inspectors/430000-01-001', as: 'market' }],
  web_page_items: { at: '/items' },
  web_page_log: { at: '/log' },
  web_page_log_entry: { at: '/log/0' },

  web_page_draws: [{ at: '/draws' }, { at: '/draws', as: 'planner' }],
  web_page_wizard: [
    { at: '/draws/new', as: 'planner' },
    { at: '/draws/new?item=A01&item=F01&at=2', as: 'planner', same: false },
    { at: '/draws/new?item=A01&item=F01&at=3', as: 'planner', same: false },
    { at: '/draws/new?item=A01&item=F01&at=3&again=1', as: 'planner' },
    { at: '/draws/new?item=A01&item=F01&at=4', as: 'planner' },
    { at: '/draws/new?item=A01&item=F01&at=5&mode.F01=rate', as: 'planner' },
  ],
  web_wizard_preview: { at: '/draws/new/preview?item=A01', as: 'planner', kind: 'part' },
  web_page_draw: [{ at: draw(), same: false }, { at: f => `/draws/${f.voided}` }, { at: f => `/draws/${f.sealed}`, same: false }],
  web_draw_file: { at: draw('/files/plan.txt'), kind: 'file', type: 'text/plain' },
  web_draw_bundle: { at: draw('/bundle'), kind: 'file', type: 'application/' },
  web_page_check: [{ at: draw('/check') }, { at: f => `/draws/${f.draw}/check?code=${f.hit}` }, { at: f => `/draws/${f.draw}/check?code=${f.missed}` },
    { at: draw('/check?code=91430100MA4T00254U') }],
  web_page_results: { at: draw('/results') },
  web_page_places: [{ at: draw('/inspectors') }, { at: draw('/inspectors'), as: 'reviewer' }],
  web_page_ceremony: [{ at: draw('/ceremony') }, { at: draw('/ceremony'), as: 'demo' }],
  web_ceremony_live: { at: draw('/ceremony/live?v=0&s=0'), kind: 'part' },
};

/* Pages that no route has: what is wrong is said on a page too. */
export const FAULTS = [
  { name: 'fault_404', at: '/nowhere', status: 404 },
  { name: 'fault_403', at: '/import', as: 'planner', status: 403 },
];
