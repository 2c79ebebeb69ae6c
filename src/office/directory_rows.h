/* Private to the directories: what their files share. */
#ifndef SISHI_OFFICE_DIRECTORY_ROWS_H
#define SISHI_OFFICE_DIRECTORY_ROWS_H

#include "office/directory.h"
#include "q_directory.h"

/* The newest version of each item among those that began by `on`, by code; it may have ended. */
enum err item_newest(struct cx *cx, struct tx *tx, int32_t on, struct item **out,
                     size_t *n) MUST_USE;
/* Not ended before `on`? */
bool item_goes_on(const struct item *i, int32_t on);

/* The inspector of a staff number. ERR_NOT_FOUND. */
enum err inspector_find(struct cx *cx, struct tx *tx, struct str staff_no,
                        struct inspector_entry *out) MUST_USE;

/* Keeps a new record's id with the operation's key, for whoever repeats it. */
static inline enum err directory_answer(struct cx *cx, struct tx *tx, int64_t id)
{
    char text[ID_CHARS];
    id_put(id, text);
    return tx_answer(cx, tx, (struct str){ text, sizeof text });
}

/* Columns that may be NULL hold no empty text. */
static inline struct str directory_or_null(struct str s)
{
    return s.n == 0 ? (struct str){ NULL, 0 } : s;
}

#endif
