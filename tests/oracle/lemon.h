/* The assignment solved by LEMON's NetworkSimplex: a second opinion for tests and a yardstick for
 * benches. Tickets must be below 2^30 here, so that the whole cost fits 63 bits. */
#ifndef SISHI_ORACLE_LEMON_H
#define SISHI_ORACLE_LEMON_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct lemon_problem {
    size_t targets, inspectors;
    const uint32_t *demand; /* by target */
    const uint64_t *load;   /* by inspector */
    const uint32_t *room;   /* by inspector */
    const size_t *first;    /* targets + 1 bounds in the two arrays below */
    const uint32_t *who;    /* eligible inspector */
    const uint32_t *ticket; /* below 2^30 */
};
struct lemon_answer {
    int64_t unfilled, load, tickets;
    int64_t solve_ns; /* processor time of the solver alone */
};
/* 0 when solved. */
int lemon_solve(const struct lemon_problem *p, struct lemon_answer *out);

#ifdef __cplusplus
}
#endif
#endif
