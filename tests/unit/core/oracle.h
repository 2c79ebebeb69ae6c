/* OpenSSL's digests, to compare ours with: right or not, fast or not. Apart from the house's own
 * headers, because the two give some names to different things. */
#ifndef SISHI_ORACLE_H
#define SISHI_ORACLE_H

#include <stddef.h>
#include <stdint.h>

struct oracle;
/* name: "SHA256" or "SM3". The digest is fetched once and the context reused. NULL: no such digest.
 */
struct oracle *oracle_open(const char *name);
void oracle_digest(struct oracle *o, const void *bytes, size_t n, uint8_t out[32]);
void oracle_close(struct oracle *o);

#endif
