#ifndef GENRET_CKERNELS_SHA256_H
#define GENRET_CKERNELS_SHA256_H

#include <stddef.h>
#include <stdint.h>

// Runs SHA-256's compression function (FIPS 180-4, section 6.2) over `count` blocks of 64 bytes.
void ck_sha256_blocks(uint32_t state[8], const void *blocks, size_t count);

#endif
