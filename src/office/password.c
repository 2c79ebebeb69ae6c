#include "office/password.h"

#include <pthread.h>
#include <semaphore.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

enum { PASSES = 2, MEMORY_BYTES = 64 << 20, AT_ONCE = 2 };

static sem_t slots;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static char nobody[crypto_pwhash_STRBYTES]; /* a hash no password belongs to */

/* 64 MiB each: more than two at a time would let sign-in attempts exhaust the machine. */
static void take_slot(void)
{
    while (sem_wait(&slots) != 0) {
    }
}

/* Without these nothing safe can follow, so their failure ends the program. */
static void start(void)
{
    char unknown[33] = { 0 };
    entropy(unknown, sizeof unknown - 1);
    if (sodium_init() < 0 || sem_init(&slots, 0, AT_ONCE) != 0 ||
        crypto_pwhash_str_alg(nobody, unknown, sizeof unknown - 1, PASSES, MEMORY_BYTES,
                              crypto_pwhash_ALG_ARGON2ID13) != 0) {
        log_error("password.start", "libsodium refuses");
        abort();
    }
}

enum err decide_password(struct cx *cx, struct str password, struct str name)
{
    bool lower = false;
    bool upper = false;
    bool digit = false;
    bool other = false;
    for (size_t i = 0; i < password.n; i++) {
        char c = password.p[i];
        lower |= c >= 'a' && c <= 'z';
        upper |= c >= 'A' && c <= 'Z';
        digit |= c >= '0' && c <= '9';
        other |= !((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'));
    }
    if (password.n < PASSWORD_MIN || password.n > PASSWORD_MAX) {
        return fail(cx, ERR_FIELD, "password: %d..%d bytes", PASSWORD_MIN, PASSWORD_MAX);
    }
    if (lower + upper + digit + other < 3) {
        return fail(cx, ERR_FIELD, "password: three of lower case, upper case, digit, other");
    }
    if (name.n > 0 && memmem(password.p, password.n, name.p, name.n) != NULL) {
        return fail(cx, ERR_FIELD, "password: contains the sign-in name");
    }
    return ERR_OK;
}

enum err password_hash(struct cx *cx, struct str password, struct str *out)
{
    (void)pthread_once(&once, start);
    char *hash = arena_alloc(cx->mem, crypto_pwhash_STRBYTES, 1);
    if (hash == NULL) {
        return fail(cx, ERR_NO_MEMORY, "password");
    }
    take_slot();
    int rc = crypto_pwhash_str_alg(hash, password.p, password.n, PASSES, MEMORY_BYTES,
                                   crypto_pwhash_ALG_ARGON2ID13);
    (void)sem_post(&slots);
    if (rc != 0) {
        return fail(cx, ERR_NO_MEMORY, "password: argon2id");
    }
    *out = str_of(hash);
    return ERR_OK;
}

bool password_matches(struct str hash, struct str password)
{
    char stored[crypto_pwhash_STRBYTES] = { 0 };
    (void)pthread_once(&once, start);
    bool known = hash.n > 0 && hash.n < sizeof stored;
    memcpy(stored, known ? hash.p : nobody, known ? hash.n : sizeof nobody);
    take_slot();
    int rc = crypto_pwhash_str_verify(stored, password.p == NULL ? "" : password.p, password.n);
    (void)sem_post(&slots);
    return known && rc == 0;
}
