#ifndef GENRET_CKERNELS_CHECKSUM_H
#define GENRET_CKERNELS_CHECKSUM_H

#include <stddef.h>
#include <stdint.h>

// CRC-32C (Castagnoli, RFC 3720 appendix B.4) of `length` bytes, continuing from `crc`; start
// with 0.
uint32_t ck_crc32c(uint32_t crc, const void *bytes, size_t length);

#endif
