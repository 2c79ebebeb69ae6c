/* Private to office/: what a filter of the register means, in the terms of the statements. */
#ifndef SISHI_OFFICE_REGISTER_FILTER_H
#define SISHI_OFFICE_REGISTER_FILTER_H

#include "office/register.h"

/* Half-open ranges of bytes: from <= value < to. Texts in cx->mem. */
struct filter_terms {
    struct str region_from, region_to;
    int64_t by_industry; /* 0: any, also none */
    struct str industry_from, industry_to;
    int64_t classes, statuses; /* 0: any */
    int64_t by_authority;      /* 0: any */
    struct str authority;
    int64_t by_code; /* 0: any */
    struct str code_from, code_to;
    int64_t grades; /* 0: any */
};
/* The terms of the statements that read entity_facets alone, and the others. */
#define FILTER_FACETS(t)                                                                           \
    .region_from = (t)->region_from, .region_to = (t)->region_to, .by_industry = (t)->by_industry, \
    .industry_from = (t)->industry_from, .industry_to = (t)->industry_to, .classes = (t)->classes, \
    .statuses = (t)->statuses
#define FILTER_REST(t)                                                                             \
    .by_authority = (t)->by_authority, .authority = (t)->authority, .by_code = (t)->by_code,       \
    .code_from = (t)->code_from, .code_to = (t)->code_to, .grades = (t)->grades

/* @return ERR_FIELD: region or industry of other characters than their codes have */
enum err filter_terms(struct cx *cx, const struct entity_filter *f,
                      struct filter_terms *out) MUST_USE;

#endif
