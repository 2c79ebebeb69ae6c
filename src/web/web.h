/* web: the pages. A table of routes; a handler makes one office call and fills a template: complete
 * HTML that works without JavaScript, in the language of the request. In every call `app` is the
 * const struct desk * and `user` the const struct caller *. */
#ifndef SISHI_WEB_H
#define SISHI_WEB_H

#include "http/http.h"
#include "office/office.h"

extern const struct http_table web_table;
extern const struct http_static web_statics[];
extern const size_t n_web_statics;

/* What a Chinese government site shows at its foot, and what else its operator names. An empty part
 * is not shown. */
struct web_site {
    struct str organisation;
    struct str site_code; /* identification code of government sites */
    struct str icp;       /* record number of the site */
    struct str police;    /* record number of public security */
    struct str contact;
    bool ipv6;
};
/* Called once, before http starts; the text is kept, not copied. */
void web_set_site(const struct web_site *site);

#endif
