/* What earlier draws left behind, beside the register's pass in order of codes: sets that move
 * along, and the memory rule's states. Private to office/. */
#ifndef SISHI_OFFICE_CEREMONY_MEMORY_H
#define SISHI_OFFICE_CEREMONY_MEMORY_H

#include "office/ceremony.h"

/* Codes in ascending order, asked for in ascending order. */
struct codes {
    struct str *code;
    size_t n, at;
};
bool codes_have(struct codes *c, struct str code);
enum err codes_of_named(struct cx *cx, const struct ceremony_named *all, size_t n,
                        struct codes *out) MUST_USE;

enum { MEMORY_PAGE = 512, MEMORY_CODE_MAX = 64 };

/* States of one item and cycle, read page by page. */
struct memories {
    struct tx *tx;
    struct str item;
    int64_t cycle_on, self, demo;
    struct {
        char code[MEMORY_CODE_MAX];
        uint8_t n;
        uint32_t c31;
    } page[MEMORY_PAGE];
    size_t n, at;
    bool last; /* no page behind this one */
};
void memories_rewind(struct memories *m, struct tx *tx);
/* The newest state of a code; 0 when there is none. */
enum err memories_of(struct cx *cx, struct memories *m, struct str code, uint32_t *c31) MUST_USE;

#endif
