#ifndef GENRET_CKERNELS_OCCURRENCES_H
#define GENRET_CKERNELS_OCCURRENCES_H

#include <stddef.h>
#include <stdint.h>

// Occurrence lists: for every symbol of a sequence the rising positions where it stands, cut at
// multiples of 2^width. `directory` counts the symbol's positions before each cut; the positions'
// lowest `width` bits stand packed in `low`. So a rank reads one line of the directory and, where
// the sequence is even, one or two of the list, however large the alphabet is.
typedef struct {
  uint64_t directory;  // the list's first entry in the directory
  uint64_t low;        // its first word of low parts
  uint32_t count;      // how often the symbol occurs
  uint32_t width;      // 64 for a list of one bucket, which has no directory
} ck_occurrence_list;

typedef struct {
  const ck_occurrence_list *lists;  // one a symbol
  const uint32_t *directory;
  const uint64_t *low;
  const void *symbols;    // the sequence itself
  uint32_t symbol_bytes;  // 2 or 4
  uint32_t whole_width;   // the bits of a position: the width of lists of one bucket
} ck_occurrences;

// Appends positions start ..< start + count of the sequence to the lists. `cursors` has, for each
// symbol, the number of its positions so far. Only symbols in [first, last) are handled, so that
// threads can share the work. Directory and low parts must be zero at first.
void ck_occurrences_append(const ck_occurrence_list *lists, uint32_t whole_width,
                           const void *symbols, uint32_t symbol_bytes, uint64_t start,
                           uint64_t count, uint32_t first, uint32_t last, uint32_t *cursors,
                           uint32_t *directory, uint64_t *low);

// Turns the bucket counts that `append` left in a list's directory into running counts.
void ck_occurrences_finish(const ck_occurrence_list *list, uint64_t entries, uint32_t *directory);

// Replaces [low[i], high[i]) by the ranks of symbols[i] at both ends. Several at a time share their
// cache misses. Contents that no `append` wrote give wrong ranks, but nothing is read out of bounds
// and no rank exceeds the symbol's count.
void ck_occurrences_ranks(const ck_occurrences *occurrences, size_t count, const uint32_t *symbols,
                          uint64_t *low, uint64_t *high);

// The distinct symbols below `alphabet` of [low, high) in rising order with their counts. `counts`
// and `marks` are scratch of one entry and one bit a symbol, zero before and after. Writes at most
// `capacity`; returns how many were written.
size_t ck_symbols_distinct(const void *symbols, uint32_t symbol_bytes, uint64_t low, uint64_t high,
                           uint32_t alphabet, uint32_t *counts, uint64_t *marks,
                           uint32_t *found_symbols, uint32_t *found_counts, size_t capacity);

// The distinct symbols of [low, high) with scores[key_of_symbol[symbol]] >= threshold, in no
// particular order; symbols at or above `alphabet` or with a negative key are passed over.
// stamps[symbol] == epoch marks those already found. Room for high - low is needed.
size_t ck_symbols_scoring(const void *symbols, uint32_t symbol_bytes, uint64_t low, uint64_t high,
                          uint32_t alphabet, const int32_t *key_of_symbol, const float *scores,
                          float threshold, uint32_t *stamps, uint32_t epoch, uint32_t *found);

// The indices of values >= threshold, rising. Writes at most `capacity`; returns how many there are.
size_t ck_select_at_least(const float *values, size_t count, float threshold, uint32_t *indices,
                          size_t capacity);

// A bound that at least `wanted` of the values reach: the wanted-th largest of the maxima of runs of
// 32 values, -infinity where there are fewer runs. `maxima` is scratch of count / 32 + 1 values.
float ck_bound_reached(const float *values, size_t count, size_t wanted, float *maxima);

#endif
