/* A write that may be repeated: its key is taken in the same transaction as its effects. */
#include "q_store.h"
#include "store/backend.h"

enum { ANSWER_MAX = 4000 };

static enum err op_replay(struct cx *cx, struct tx *tx, struct op *op)
{
    struct q_op_answer a;
    TRY(q_op_answer(cx, tx, op->key, &a));
    op->answer = a.answer.p == NULL ? STR("") : a.answer;
    op->replayed = true;
    return ERR_OK;
}

static enum err op_steps(struct tx *tx, struct job *job)
{
    struct cx *cx = job->cx;
    struct op *op = job->op;
    if (op == NULL) {
        return job->work(cx, tx, job->arg);
    }
    op->answer = STR("");
    op->replayed = false;
    if (op->key.n > 0) {
        int64_t taken;
        TRY(q_op_take(cx, tx, op->key, cx->now_ms, &taken));
        if (taken == 0) {
            return op_replay(cx, tx, op);
        }
    }
    return job->work(cx, tx, job->arg);
}

enum err op_run(struct tx *tx, struct job *job)
{
    TRY(op_steps(tx, job));
    if (tx->bulk != NULL) {
        return fail(job->cx, ERR_STORE, "a bulk was left open");
    }
    return tx->failed ? fail(job->cx, ERR_STORE, "a statement failed, and its write went on")
                      : ERR_OK;
}

enum err tx_answer(struct cx *cx, struct tx *tx, struct str answer)
{
    if (answer.n > ANSWER_MAX) {
        return fail(cx, ERR_TOO_LONG, "an operation's answer of %zu bytes", answer.n);
    }
    struct op *op = tx->op;
    if (op == NULL) {
        return ERR_OK;
    }
    struct str kept = str_dup(cx->mem, answer);
    if (kept.p == NULL) {
        return fail(cx, ERR_NO_MEMORY, "an operation's answer");
    }
    if (op->key.n > 0) {
        int64_t changed;
        TRY(q_op_say(cx, tx, op->key, answer.n == 0 ? (struct str){ NULL, 0 } : answer, &changed));
    }
    op->answer = kept;
    return ERR_OK;
}

static enum err forget(struct cx *cx, struct tx *tx, void *arg)
{
    const int64_t *before_ms = arg;
    return q_op_forget(cx, tx, *before_ms, NULL);
}

enum err store_forget_ops(struct cx *cx, struct store *st, int64_t before_ms)
{
    return store_write(cx, st, NULL, forget, &before_ms);
}
