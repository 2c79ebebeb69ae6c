/* CSV (RFC 4180) cut into records and fields. Works on bytes: a separator, a quote or a line end
 * is never part of a character in UTF-8 or GB18030. */
#ifndef SISHI_BASE_CSV_H
#define SISHI_BASE_CSV_H

#include "base/text.h"

enum { CSV_FIELDS_MAX = 64, CSV_RECORD_MAX = 1 << 18 };

/* One record, cut out of a text whose bytes it borrows. */
struct csv_record {
    struct str raw;                   /* as it stands in the text, without its line end */
    struct str field[CSV_FIELDS_MAX]; /* without quotes; doubled quotes are single */
    size_t n;                         /* fields */
    size_t bytes;                     /* of the text that it took, with its line end */
    size_t lines;                     /* line ends among them */
    /* ERR_OK, or what is wrong (fields are then not to be used):
     * ERR_CSV_OPEN     a quote was opened and not closed; only its first line was taken, so that
     *                  the rows behind it are read as if it were not there
     * ERR_CSV_BEHIND   text behind a closing quote
     * ERR_CSV_FIELDS   over CSV_FIELDS_MAX
     * ERR_CSV_LONG     over CSV_RECORD_MAX bytes, or no line end within them
     * ERR_CSV_NUL      a byte 0, as in UTF-16 */
    enum err fault;
    bool cut; /* with ERR_CSV_LONG: its line goes on behind the text, and is to be skipped */
};

/**
 * Cuts the record at the beginning of `text`. Lines end in LF or CR LF; quotes may enclose
 * separators, line ends and doubled quotes; a quote inside an unquoted field is a character.
 *
 * @param separator  one of , ; TAB
 * @param last       nothing follows `text`: what stands at its end is a record too
 * @param scratch    where fields with doubled quotes go and stay; moved behind what was written.
 *                   As much room as the text has is enough for all of its records
 * @return false when the record does not end in `text` and more may follow; always true when
 *         `last`, or when `text` is longer than CSV_RECORD_MAX. text.n > 0
 * @cost   linear; over 1 GB/s where fields are long and few are quoted
 */
bool csv_next(struct str text, char separator, bool last, char **scratch,
              struct csv_record *out) MUST_USE;

/* The separator of a file by its first record: whichever of , ; TAB makes the most fields. */
char csv_separator(struct str text);

/* Writes a field, in quotes when it needs them (separator, quote, CR, LF). */
void csv_put(struct buf *b, struct str field, char separator);

#endif
