/* What the whole register is: a demo or not. */
#include "office/office.h"

#include "q_register_fact.h"

static enum err is_demo_work(struct cx *cx, struct tx *tx, void *arg)
{
    bool *out = arg;
    struct q_register_fact seed;
    return q_register_fact(cx, tx, STR("demo"), &seed, out);
}

enum err register_is_demo(struct cx *cx, const struct desk *d, bool *out)
{
    return store_read(cx, d->store, is_demo_work, out);
}
