#ifndef GENRET_CKERNELS_SUFFIXES_H
#define GENRET_CKERNELS_SUFFIXES_H

#include <stddef.h>
#include <stdint.h>

// Suffix sorting by induced sorting (SA-IS: Nong, Zhang, Chan, "Two efficient algorithms for linear
// time suffix array construction", 2011) for integer alphabets.
//
// `text` has n symbols below `alphabet`; the last is 0 and occurs nowhere else. `suffixes` receives
// the starts of the suffixes in rising order. Linear time; beside text and result, two tables of
// one entry a symbol, and recursion inside the result. Returns 0, or -1 when memory ran out.
//
// `steps`, unless NULL, is counted up atomically as the passes of the induction go on: in all to
// some 5.5 n, of which 4 n are the text's own.
//
// The random reads and writes of the induction are known some steps ahead, so they are prefetched:
// on texts larger than the caches that is worth a factor of three.
int ck_suffixes_16_32(const uint16_t *text, int32_t *suffixes, int32_t n, int32_t alphabet,
                      uint64_t *steps);
int ck_suffixes_32_32(const int32_t *text, int32_t *suffixes, int32_t n, int32_t alphabet,
                      uint64_t *steps);
// The same for texts whose positions do not fit 31 bits.
int ck_suffixes_16_64(const uint16_t *text, int64_t *suffixes, int64_t n, int64_t alphabet,
                      uint64_t *steps);
int ck_suffixes_32_64(const int32_t *text, int64_t *suffixes, int64_t n, int64_t alphabet,
                      uint64_t *steps);

// symbols[i] is the symbol before suffix suffixes[i], 0 before the start of the text: a piece of the
// Burrows-Wheeler transform.
void ck_preceding_16_32(const uint16_t *text, const int32_t *suffixes, size_t count,
                        uint16_t *symbols);
void ck_preceding_32_32(const int32_t *text, const int32_t *suffixes, size_t count,
                        int32_t *symbols);
void ck_preceding_16_64(const uint16_t *text, const int64_t *suffixes, size_t count,
                        uint16_t *symbols);
void ck_preceding_32_64(const int32_t *text, const int64_t *suffixes, size_t count,
                        int32_t *symbols);

// ranks[i] is the number of ones in positions 0 ... positions[i] of a vector of rank blocks.
void ck_ranks_through_32(const uint64_t *blocks, const int32_t *positions, size_t count,
                         uint32_t *ranks);
void ck_ranks_through_64(const uint64_t *blocks, const int64_t *positions, size_t count,
                         uint32_t *ranks);

// Sets the bit of every row whose suffix starts at a multiple of `rate`, a power of two, in a vector
// of rank blocks, and writes start / rate of those rows in order. Returns how many there are.
size_t ck_sample_rows_32(const int32_t *suffixes, size_t count, uint32_t rate, uint64_t *blocks,
                         uint32_t *samples);
size_t ck_sample_rows_64(const int64_t *suffixes, size_t count, uint32_t rate, uint64_t *blocks,
                         uint32_t *samples);

#endif
