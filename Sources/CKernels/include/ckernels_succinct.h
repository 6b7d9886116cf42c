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
  uint64_t count;   // symbols; places that damage puts beyond are cut to it
  uint32_t levels;
} ck_wavelet;

// Sends both ends of [*low, *high) down to the bottom of the matrix, where the occurrences of
// `symbol` stand together. Less the symbol's first place there, the ends are its ranks.
void ck_wavelet_descend(const ck_wavelet *wavelet, uint32_t symbol, uint64_t *low, uint64_t *high);

// The same for `count` symbols and ranges, level by level, so that their cache misses overlap.
void ck_wavelet_descend_many(const ck_wavelet *wavelet, size_t count, const uint32_t *symbols,
                             uint64_t *low, uint64_t *high);

// The symbol at `position`; `*bottom` receives where it stands at the bottom of the matrix.
uint32_t ck_wavelet_access(const ck_wavelet *wavelet, uint64_t position, uint64_t *bottom);

// Writes one level of a matrix and carries on the order: the bits of `symbols` at `shift` go into
// the blocks, and symbols whose bit is 1 move behind those whose bit is 0. `ones` is scratch of
// `count` symbols. Returns the zeros. The blocks must be zero; their counts are filled in.
uint64_t ck_wavelet_level_16(uint16_t *symbols, uint16_t *ones, size_t count, uint32_t shift,
                             uint64_t *blocks);
uint64_t ck_wavelet_level_32(uint32_t *symbols, uint32_t *ones, size_t count, uint32_t shift,
                             uint64_t *blocks);

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
