/* sishi code check: codes of market entities. */
#include "cli/commands.h"

#include <string.h>

enum { LINE_BYTES = 4096 };

static void finding_json(struct json *j, struct str given, const struct code_check *k,
                         struct str why)
{
    json_object(j);
    json_key_str(j, "given", given);
    json_key_bool(j, "valid", k->err == ERR_OK);
    json_key_str(j, "kind", str_of(code_kind_name(k->kind)));
    json_key_str(j, "code", (struct str){ k->code, k->n });
    if (k->err != ERR_OK) {
        json_key_str(j, "problem", str_of(err_name(k->err)));
        json_key_int(j, "position", (int64_t)k->position);
        json_key_str(j, "explanation", why);
    }
    if (k->suggestion[0] != '\0') {
        json_key_str(j, "suggestion", (struct str){ k->suggestion, k->n });
    }
    json_end_object(j);
}

/* One answer, one line. */
static enum err answer(struct cli *c, struct str given)
{
    struct arena_mark mark = arena_mark(c->cx->mem);
    struct buf why = buf_of(c->cx->mem, 4096);
    struct code_check k = code_check(given);
    code_explain(&k, c->cx->lang, &why);
    c->exit_code = k.err == ERR_OK ? c->exit_code : CLI_NO;
    if (c->json) {
        struct buf b = buf_of(c->cx->mem, 65536);
        struct json j = json_to(&b);
        bool text = utf8_bad_at(given) == given.n;
        finding_json(&j, text ? given : STR(""), &k, buf_str(&why));
        TRY(cli_print_json(c, &b));
    } else if (k.err == ERR_OK) {
        (void)fprintf(c->out, "%.*s\tok\t%s\n", (int)k.n, k.code, code_kind_name(k.kind));
    } else {
        (void)fprintf(c->out, STR_FMT "\t%s\t" STR_FMT "\n", STR_ARG(given), err_name(k.err),
                      STR_ARG(buf_str(&why)));
    }
    arena_reset(c->cx->mem, mark);
    return ERR_OK;
}

static enum err answer_lines(struct cli *c)
{
    char line[LINE_BYTES];
    while (fgets(line, sizeof line, stdin) != NULL) {
        struct str given = str_of(line);
        if (given.n > 0 && given.p[given.n - 1] == '\n') {
            given.n--;
        }
        TRY(answer(c, given));
    }
    return ERR_OK;
}

static enum err run_check(struct cli *c)
{
    if (c->n_words == 0) {
        return answer_lines(c);
    }
    for (int i = 0; i < c->n_words; i++) {
        TRY(answer(c, str_of(c->words[i])));
    }
    return ERR_OK;
}

const struct cli_command cmd_code_check = {
    .name = "code check",
    .brief = "checks unified social credit codes and older numbers",
    .words = "[CODE ...]",
    .words_max = -1,
    .about =
        "Checks each code given, or each line of standard input: unified social credit codes (18 "
        "characters, GB 32100-2015, both check characters), registration numbers (15 digits, ISO "
        "7064 MOD 11,10), organisation codes (9 characters, GB 11714). Full-width and lower-case "
        "letters are folded, spaces and hyphens dropped.\n\n"
        "One answer a line: the code, \"ok\" and its kind; or what is wrong, at which character, "
        "and the likely correction. Exit status 1 when any code is wrong.",
    .examples = "sishi code check 91350100M000100Y43\n"
                "cut -f2 firms.tsv | sishi code check --json",
    .run = run_check,
};
