/* Private to office/: the columns that entity, entity_past and the statements on them share. Each
 * statement has a struct of its own, so what they have in common are initialisers. */
#ifndef SISHI_OFFICE_ENTITY_COLUMNS_H
#define SISHI_OFFICE_ENTITY_COLUMNS_H

/* Columns of an entity `e` with its keys `k`, for a struct that is written. */
#define ENTITY_COLUMNS(e, k)                                                                       \
    .code = (k)->code, .uscc = text_or_null((e)->uscc), .regno = text_or_null((e)->regno),         \
    .name = (e)->name, .class = (e)->cls, .status = (int64_t)(e)->status, .region = (e)->region,   \
    .authority = text_or_null((e)->authority), .industry = text_or_null((e)->industry),            \
    .established_on = number_or_null((e)->established_on),                                         \
    .closed_on = number_or_null((e)->closed_on), .premises = text_or_null((e)->premises),          \
    .premises_key = (k)->premises_key,                                                             \
    .capital_fen = (e)->capital_fen == -1 ? NULL_INT : (e)->capital_fen,                           \
    .representative = text_or_null((e)->representative)

/* An entity's fields from a row `r` that was read. */
#define ENTITY_OF_COLUMNS(r)                                                                       \
    .id = (r)->home, .code = (r)->code, .uscc = (r)->uscc, .regno = (r)->regno, .name = (r)->name, \
    .cls = (int)(r)->class, .status = (enum entity_status)(r)->status, .region = (r)->region,      \
    .authority = (r)->authority, .industry = (r)->industry,                                        \
    .established_on = (int32_t)number_or_zero((r)->established_on),                                \
    .closed_on = (int32_t)number_or_zero((r)->closed_on), .premises = (r)->premises,               \
    .premises_key = number_or_zero((r)->premises_key),                                             \
    .capital_fen = (r)->capital_fen == NULL_INT ? -1 : (r)->capital_fen,                           \
    .representative = (r)->representative, .version = (r)->version,                                \
    .valid_from_on = (int32_t)(r)->valid_from_on, .recorded_at = (r)->recorded_at,                 \
    .recorded_by = (r)->recorded_by, .reason = (r)->reason

#endif
