#include "cli/inner.h"

#include <string.h>

enum { WIDTH = 96, INDENT = 7 };

/* Fills lines of WIDTH columns; a blank line in the text ends a paragraph. */
static void print_paragraphs(FILE *out, const char *text)
{
    int column = 0;
    while (*text != '\0') {
        size_t word = strcspn(text, " \n");
        if (word > 0) {
            if (column > 0 && column + 1 + (int)word > WIDTH) {
                (void)fputc('\n', out);
                column = 0;
            }
            column += fprintf(out, "%*s%.*s", column == 0 ? INDENT : 1, "", (int)word, text);
            text += word;
        }
        if (strncmp(text, "\n\n", 2) == 0) {
            (void)fputs("\n\n", out);
            column = 0;
            text += 2;
        } else if (*text != '\0') {
            text++;
        }
    }
    (void)fputc('\n', out);
}

static void print_options(FILE *out, const struct cli_option *o)
{
    for (; o != NULL && o->name != NULL; o++) {
        int n = fprintf(out, "%*s--%s%s%s", INDENT, "", o->name, o->value == NULL ? "" : " ",
                        o->value == NULL ? "" : o->value);
        (void)fprintf(out, "%*s%s\n", n < 34 ? 34 - n : 1, "", o->doc);
    }
}

static void print_lines(FILE *out, const char *text)
{
    struct str rest = str_of(text);
    while (rest.n > 0) {
        struct str line = str_cut(&rest, '\n');
        (void)fprintf(out, "%*s" STR_FMT "\n", INDENT, "", STR_ARG(line));
    }
}

void cli_help_command(FILE *out, const struct cli_command *c)
{
    (void)fprintf(out, "NAME\n%*ssishi %s - %s\n\nSYNOPSIS\n%*ssishi %s [OPTION ...]%s%s\n", INDENT,
                  "", c->name, c->brief, INDENT, "", c->name, c->words[0] == '\0' ? "" : " ",
                  c->words);
    (void)fprintf(out, "\nDESCRIPTION\n");
    print_paragraphs(out, c->about);
    if (c->options != NULL) {
        (void)fprintf(out, "\nOPTIONS\n");
        print_options(out, c->options);
    }
    (void)fprintf(out, "\nOPTIONS OF EVERY COMMAND\n");
    print_options(out, cli_common_options);
    if (c->examples != NULL) {
        (void)fprintf(out, "\nEXAMPLES\n");
        print_lines(out, c->examples);
    }
    (void)fprintf(out, "\nEXIT STATUS\n");
    print_lines(out,
                "0  done\n"
                "1  it ran, and the answer is no (a wrong code, a bundle that does not verify)\n"
                "2  the command's words are wrong\n"
                "3  a file or value that was given is wrong\n"
                "4  refused: state, role or rule\n"
                "5  database, disk, memory or clock");
}

void cli_help_all(FILE *out, const struct cli_command *const *commands, size_t n)
{
    (void)fprintf(out, "usage: sishi COMMAND [OPTION ...] [WORD ...]\n\n");
    for (size_t i = 0; i < n; i++) {
        (void)fprintf(out, "  %-20s %s\n", commands[i]->name, commands[i]->brief);
    }
    (void)fprintf(out, "\n  sishi COMMAND --help   the page of a command\n"
                       "  sishi --version        the program's version\n");
}
