/* Private to main/: who stands at the door, and in which language they are answered. */
#ifndef SISHI_MAIN_GATE_H
#define SISHI_MAIN_GATE_H

#include "http/http.h"
#include "office/office.h"

#define LANG_COOKIE "sishi_lang"

/* http_options.enter: session cookie or bearer token -> struct caller in call->user; language from
 * ?lang=, cookie or Accept-Language; then the route's power is asked of access_allow. */
enum err gate_enter(struct http_call *c) MUST_USE;

/* http_options.check_write: a write with a session cookie must bring the session's form token
 * (field _token or header X-Form-Token); any write must come from our own pages or from a program,
 * never from another site's page. */
enum err gate_check_write(struct http_call *c) MUST_USE;

#endif
