#ifndef GENRET_CKERNELS_CODES_H
#define GENRET_CKERNELS_CODES_H

#include <stddef.h>
#include <stdint.h>

// Codes of vectors: the rotation that evens their components out, signs in blocks of 32 vectors, and
// rows of bytes. Sums are of integers, so that every instruction set gives the same.

// Rotates a vector in place. `flips` holds `rounds` times `dimension` bits, whose ones turn a
// component's sign before a Walsh-Hadamard transform of the first or, in odd rounds, of the last
// components, as many as the largest power of two that there are. An orthogonal map; with `inverse`
// the way back. O(rounds * dimension * log dimension).
void ck_rotate(float *vector, size_t dimension, const uint64_t *flips, size_t rounds, int inverse);

// sums[i] = sum over j of query[j] * row[j], for each of `count` neighbouring rows of `dimension` bytes.
// No sum may leave 32 bits: |query| * 128 * dimension < 2^31.
void ck_byte_products(const int16_t *query, const int8_t *rows, size_t count, size_t dimension,
                      int32_t *sums);

// The same of the rows at `places`.
void ck_byte_products_at(const int16_t *query, const int8_t *rows, const uint32_t *places,
                         size_t count, size_t dimension, int32_t *sums);

// The same of rows of half a byte a component, (dimension + 1) / 2 bytes each: of every 64 components the first 32 stand in the lower
// halves of 32 bytes and the others in the upper halves; of what is left, neighbours share a byte. Halves are 0 to 15 and not signed.
void ck_nibble_products(const int16_t *query, const uint8_t *rows, size_t count, size_t dimension,
                        int32_t *sums);
void ck_nibble_products_at(const int16_t *query, const uint8_t *rows, const uint32_t *places,
                           size_t count, size_t dimension, int32_t *sums);

// sums[j] = sum over r of weights[r] * component j of the row at places[r]. The sum of all |weights|
// may not pass 2^24.
void ck_byte_sum(const int8_t *rows, const uint32_t *places, const int16_t *weights, size_t count,
                 size_t dimension, int32_t *sums);

// Sums of table entries that signs select. A block is 32 vectors: for each pair of groups of four
// components 32 bytes, whose byte i holds the signs of vector i, the first group's in the lower half.
// `tables` has 16 entries for each group; two of neighbouring groups may not pass 255, and all that a
// vector selects may not pass 65,535. Writes 32 sums for each block.
void ck_sign_sums(const uint8_t *blocks, size_t count, size_t pairs, const uint8_t *tables,
                  uint16_t *sums);

// Estimates from sums: middle = base + factor * (offset + step * sum), where `base` is that of the run that a vector is in: run r goes
// up to place ends[r], and the first begins at or before `first`. Finds the vectors with middle + factor * width >= floor, writes
// their places, counted from `first`, and their lower and upper ends, middle -+ factor * width. Returns how many; the outputs have
// room for `count`.
typedef struct {
  float offset, step, width, floor;
} ck_sign_estimate;

size_t ck_sign_candidates(ck_sign_estimate estimate, const uint16_t *sums, const float *factors,
                          size_t count, uint32_t first, const uint32_t *ends, const float *bases,
                          uint32_t *places, float *lowers, float *uppers);

#endif
