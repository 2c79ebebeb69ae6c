/* Codes of market entities: the unified social credit code (GB 32100-2015), the organisation code
 * inside it (GB 11714-1997), the older 15-digit registration number (GS 15-2006). */
#ifndef SISHI_CORE_USCC_H
#define SISHI_CORE_USCC_H

#include "base/base.h"

enum code_kind { CODE_NONE, CODE_USCC, CODE_REGNO, CODE_ORGANISATION };
enum { USCC_CHARS = 18, REGNO_CHARS = 15, ORGANISATION_CHARS = 9 };

/* What a code turned out to be. Plain values, no memory of its own. */
struct code_check {
    enum code_kind kind;   /* by length, also when the code is wrong; CODE_NONE: no such length */
    enum err err;          /* ERR_OK, or what is wrong */
    char code[USCC_CHARS]; /* folded: half-width, upper case, no spaces, dots or hyphens */
    size_t n;              /* characters of code; 0 when longer than any code */
    size_t position;       /* 1-based character (of the folded code) that is wrong; 0 = none */
    char suggestion[USCC_CHARS]; /* the likely correction, `n` characters; [0] == 0: none */
    bool transposed;             /* the suggestion swaps `position` and the character behind it */
};

/**
 * Reads a code as people write it: full-width or half-width, either case, with spaces or hyphens.
 *
 * The suggestion is the one right code that differs by a look-alike (I 1, O 0, S 5, Z 2, V U) or a
 * swap of neighbours, else the code with its check character(s) computed anew. Both checks must
 * hold for a USCC whose characters 9..17 are an organisation code; pure.
 *
 * @param text  any bytes
 * @return the finding; .err is one of OK, USCC_LENGTH, USCC_CHARACTER, USCC_CHECKSUM,
 *         USCC_ORGANISATION, REGNO
 * @source  GB 32100-2015 4-5; GB 11714-1997 4; GS 15-2006; ISO/IEC 7064 MOD 11,10
 * @cost    under 100 ns for a right code; some microseconds to find a suggestion
 */
PUBLIC struct code_check code_check(struct str text);

/* Only the verdict for 18 bytes that are folded already. @cost ~30 ns */
PUBLIC bool uscc_valid(const char code[USCC_CHARS]);

/* One line for a person: "position 9: I is not used in codes, probably 1: 9135...". Empty for a
 * right code. */
PUBLIC void code_explain(const struct code_check *c, enum lang lang, struct buf *out);

/* "uscc", "regno", "organisation", "none". */
PUBLIC const char *code_kind_name(enum code_kind k);

/* The check character of 17 folded characters; 0 when one is outside the set. */
PUBLIC char uscc_check_character(const char first17[17]);
/* The check character of an organisation code's 8 characters (0-9 A-Z); 0 when outside. */
PUBLIC char organisation_check_character(const char first8[8]);
/* The check digit of a registration number's 14 digits; 0 when not digits. */
PUBLIC char regno_check_digit(const char first14[14]);

#endif
