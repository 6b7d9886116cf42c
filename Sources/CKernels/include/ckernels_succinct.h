#ifndef GENRET_CKERNELS_SUCCINCT_H
#define GENRET_CKERNELS_SUCCINCT_H

#include <stddef.h>
#include <stdint.h>

// Rank blocks. A block is one 64-byte cache line: word 0 counts the ones before the block, words
// 1...7 hold 448 bits, lowest bit first. A vector of n bits has n/448 + 1 blocks, so that rank at
// position n needs no special case.
enum { CK_BLOCK_BITS = 448, CK_BLOCK_WORDS = 8 };

// Fills word 0 of every block from the bits; returns the number of ones.
uint64_t ck_rank_finish(uint64_t *blocks, size_t block_count);

// The number of ones in positions 0 ..< position.
uint64_t ck_rank1(const uint64_t *blocks, uint64_t position);

// A wavelet matrix (Claude, Navarro, Ordonez 2015): level 0 splits by the highest of `levels`
// bits; level l's blocks start at blocks + l * stride; zeros[l] is that level's count of zeros.
typedef struct {
  const uint64_t *blocks;
  const uint64_t *zeros;
  uint64_t stride;  // words a level
  uint32_t levels;
} ck_wavelet;

// Replaces the half-open range [*low, *high) by rank(symbol, *low) and rank(symbol, *high).
void ck_wavelet_rank_pair(const ck_wavelet *wavelet, uint32_t symbol, uint64_t *low,
                          uint64_t *high);

// The symbol at `position`; `*rank` receives its rank there.
uint32_t ck_wavelet_access(const ck_wavelet *wavelet, uint64_t position, uint64_t *rank);

// The distinct symbols in [low, high) in rising order, each with its rank at `low` and its count.
// Writes at most `capacity` of them and returns how many there are to write up to `capacity`.
size_t ck_wavelet_distinct(const ck_wavelet *wavelet, uint64_t low, uint64_t high,
                           uint32_t *symbols, uint64_t *ranks, uint64_t *counts, size_t capacity);

// The `k` most frequent symbols of [low, high): count falling, then symbol rising. Returns how
// many were written. Best first over the implicit tree: it visits only the nodes that are at
// least as frequent as the k-th symbol.
size_t ck_wavelet_top(const ck_wavelet *wavelet, uint64_t low, uint64_t high, size_t k,
                      uint32_t *symbols, uint64_t *ranks, uint64_t *counts);

#endif
