/* Private to web/: one handler a route; the table in web.c says which. */
#ifndef SISHI_WEB_HANDLERS_H
#define SISHI_WEB_HANDLERS_H

#include "web/frame.h"

/* entrance.c */
enum err page_home(struct http_call *c);
enum err page_help(struct http_call *c);
enum err page_a11y(struct http_call *c);
enum err page_sign_in(struct http_call *c);
enum err do_sign_in(struct http_call *c);
enum err do_sign_out(struct http_call *c);

/* entities.c, entity.c */
enum err page_entities(struct http_call *c);
enum err entities_csv(struct http_call *c);
enum err page_entity(struct http_call *c);

/* import.c */
enum err page_import(struct http_call *c);
enum err do_import_look(struct http_call *c);
enum err do_import_start(struct http_call *c);
enum err page_jobs(struct http_call *c);
enum err page_job(struct http_call *c);
enum err do_job_cancel(struct http_call *c);
enum err job_result(struct http_call *c);

/* directory.c, evidence.c */
enum err page_departments(struct http_call *c);
enum err page_items(struct http_call *c);
enum err page_log(struct http_call *c);
enum err page_log_entry(struct http_call *c);

/* inspectors.c */
enum err page_inspectors(struct http_call *c);
enum err page_inspector(struct http_call *c);
enum err do_inspector(struct http_call *c);
enum err do_interest(struct http_call *c);

/* draws.c, draw_pages.c, draw_replace.c */
enum err page_draws(struct http_call *c);
enum err page_draw(struct http_call *c);
enum err draw_file(struct http_call *c);
enum err draw_bundle(struct http_call *c);
enum err page_check(struct http_call *c);
enum err page_results(struct http_call *c);
enum err page_places(struct http_call *c);
enum err do_replace(struct http_call *c);

/* ceremony.c */
enum err page_ceremony(struct http_call *c);
enum err ceremony_live(struct http_call *c);
enum err do_step(struct http_call *c);

/* wizard.c */
enum err page_wizard(struct http_call *c);
enum err wizard_preview(struct http_call *c);
enum err do_plan(struct http_call *c);

#endif
