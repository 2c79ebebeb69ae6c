/* What an asker may see of a draw: decided here, once, for every view and file. Pure. Private to
 * office/. */
#ifndef SISHI_OFFICE_CEREMONY_SIGHT_H
#define SISHI_OFFICE_CEREMONY_SIGHT_H

#include "office/ceremony.h"

struct sight {
    bool officer; /* holds POWER_DRAW_READ */
    bool values;  /* departments' values and the seed, once they are there */
    bool lists;   /* who was drawn and who inspects */
    bool weights; /* weights, probabilities, and what they can be computed from */
    bool head;    /* head.txt */
};
/* @param by  NULL or all zero = the public */
struct sight sight_of(const struct actor *by, const struct q_draw_get *row);
/* The draw's row, and what this asker may see of it. ERR_NOT_FOUND */
enum err sight_load(struct cx *cx, struct tx *tx, int64_t id, const struct actor *by,
                    struct q_draw_get *row, struct sight *out) MUST_USE;
/* The files the asker may have once they are there: a mask of 1 << enum ceremony_file. */
uint32_t sight_files(const struct sight *s);
/* ERR_FORBIDDEN when the asker may not have this file, or not yet. */
enum err sight_file(struct cx *cx, const struct sight *s, const struct q_draw_get *row,
                    enum ceremony_file f) MUST_USE;

#endif
