/* Private to web/: the draft of a plan. It lives in the address of the wizard's pages alone. */
#ifndef SISHI_WEB_WIZARD_H
#define SISHI_WEB_WIZARD_H

#include "web/labels.h"

enum { WIZARD_STEPS = 5, GRADES = 5, BEACONS = 2 };
#define GRADE_LETTERS "ABCDN" /* N: without a grade */

struct draft_lot {
    const struct item *item;
    enum ceremony_mode mode;
    struct str n, reserve, size; /* as typed */
    struct str rate[GRADES];     /* percent, as typed */
    struct str weight[GRADES];
    struct str *depts;
    size_t n_depts;
    struct str qual;
};
struct draft {
    int step; /* the one to be shown, 1..WIZARD_STEPS */
    struct str title, task, region, cap, wait, hash, missing;
    struct str kind[BEACONS], ref[BEACONS];
    int32_t embargo_on;
    bool sealed, demo;
    struct item *items; /* all that may be inspected */
    size_t n_items;
    struct department *depts; /* all */
    size_t n_all_depts;
    struct draft_lot *lots;
    size_t n_lots;
    struct str *parties;
    size_t n_parties;
};

/* Reads what the request says; what it does not say yet gets a sensible beginning. */
enum err draft_read(struct http_call *c, struct draft *out) MUST_USE;
/* The fields of all steps but the one shown, as they came: hidden in its form. */
enum err draft_kept(struct http_call *c, const struct draft *d, struct kept **out,
                    size_t *n) MUST_USE;
/* Every field of the draft as a person typed it becomes a plan. ERR_FIELD says which is wrong. */
enum err draft_plan(struct http_call *c, const struct draft *d, struct ceremony_plan *out) MUST_USE;
/* What the plan would give now; a plan that is not whole yet gives its first mistake. */
enum err draft_preview(struct http_call *c, const struct draft *d,
                       struct preview_view *out) MUST_USE;

/* "n.A01": the name of a lot's field. */
struct str lot_field(struct cx *cx, const char *field, struct str item);
bool str_among(struct str s, const struct str *list, size_t n);

#endif
