/* The table of pages. */
#include "web/web.h"

#include "web/handlers.h"

#define PAGE(at, who, what, words)                                                                 \
    {                                                                                              \
        .method = HTTP_GET, .pattern = (at), .power = POWER_##who, .handle = (what),               \
        .name = "web_" #what, .doc = (words)                                                       \
    }
#define FORM(at, who, what, words)                                                                 \
    {                                                                                              \
        .method = HTTP_POST, .pattern = (at), .power = POWER_##who, .handle = (what),              \
        .name = "web_" #what, .doc = (words)                                                       \
    }

static const struct http_route routes[] = {
    PAGE("/", PUBLIC, page_home, "start page"),
    PAGE("/help", PUBLIC, page_help, "what this is and how to verify"),
    PAGE("/a11y", PUBLIC, page_a11y, "accessibility statement"),
    PAGE("/sign-in", PUBLIC, page_sign_in, "sign-in form"),
    FORM("/sign-in", PUBLIC, do_sign_in, "opens a session"),
    FORM("/sign-out", SIGNED_IN, do_sign_out, "ends the session"),

    PAGE("/departments", PUBLIC, page_departments, "departments"),
    PAGE("/inspectors", DRAW_READ, page_inspectors, "inspectors"),
    PAGE("/items", PUBLIC, page_items, "inspection items"),
};

const struct http_table web_table = { routes, COUNT_OF(routes), page_fault, "/" };
