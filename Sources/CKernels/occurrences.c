#include "include/ckernels_occurrences.h"

#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

static inline uint32_t symbol_at(const void *symbols, uint32_t bytes, uint64_t position) {
  return bytes == 2 ? ((const uint16_t *)symbols)[position] : ((const uint32_t *)symbols)[position];
}

// The `width` bits (1 to 32) at index `i` of a packed list.
static inline uint64_t low_part(const uint64_t *low, uint64_t i, uint32_t width) {
  const uint64_t bit = i * width, word = bit >> 6, shift = bit & 63;
  const uint64_t both = low[word] >> shift | (low[word + 1] << 1) << (63 - shift);
  return both & ((UINT64_C(1) << width) - 1);
}

static inline uint32_t width_of(const ck_occurrence_list *list, uint32_t whole_width) {
  return list->width < whole_width ? list->width : whole_width;
}

void ck_occurrences_append(const ck_occurrence_list *lists, uint32_t whole_width,
                           const void *symbols, uint32_t symbol_bytes, uint64_t start,
                           uint64_t count, uint32_t first, uint32_t last, uint32_t *cursors,
                           uint32_t *directory, uint64_t *low) {
  for (uint64_t position = start; position < start + count; position++) {
    const uint32_t symbol = symbol_at(symbols, symbol_bytes, position);
    if (symbol < first || symbol >= last) continue;
    const ck_occurrence_list *list = lists + symbol;
    const uint32_t width = width_of(list, whole_width);
    const uint64_t part = position & ((UINT64_C(1) << width) - 1);
    const uint64_t bit = (uint64_t)cursors[symbol]++ * width, shift = bit & 63;
    uint64_t *word = low + list->low + (bit >> 6);
    word[0] |= part << shift;
    if (shift + width > 64) word[1] |= part >> (64 - shift);
    if (list->width < whole_width) directory[list->directory + 1 + (position >> width)]++;
  }
}

void ck_occurrences_finish(const ck_occurrence_list *list, uint64_t entries, uint32_t *directory) {
  uint32_t sum = 0;
  for (uint64_t i = 0; i < entries; i++) {
    sum += directory[list->directory + i];
    directory[list->directory + i] = sum;
  }
}

// The first index in [from, to) whose low part is at least `part`, or `to`.
static inline uint64_t lower_bound(const uint64_t *low, uint32_t width, uint64_t part,
                                   uint64_t from, uint64_t to) {
  // A damaged directory may have `from` behind `to`.
  while (from + 4 < to) {
    const uint64_t middle = from + (to - from) / 2;
    if (low_part(low, middle, width) < part) from = middle + 1;
    else to = middle;
  }
  while (from < to && low_part(low, from, width) < part) from++;
  return from;
}

// Where a position's bucket starts and ends in the list, whatever the directory holds.
static inline void bucket(const ck_occurrences *o, const ck_occurrence_list *list,
                          uint64_t position, uint64_t *from, uint64_t *to) {
  if (list->width >= o->whole_width) {
    *from = 0;
    *to = list->count;
    return;
  }
  const uint32_t *entry = o->directory + list->directory + (position >> list->width);
  *to = entry[1] < list->count ? entry[1] : list->count;
  *from = entry[0] < *to ? entry[0] : *to;
}

// Ranges up to this width are looked through first: most tokens do not follow a rare prefix.
enum { NARROW = 16, GROUP = 16 };

void ck_occurrences_ranks(const ck_occurrences *o, size_t count, const uint32_t *symbols,
                          uint64_t *low, uint64_t *high) {
  uint64_t from[2][GROUP], to[2][GROUP];
  for (size_t base = 0; base < count; base += GROUP) {
    const size_t n = count - base < GROUP ? count - base : GROUP;
    const uint32_t *symbol = symbols + base;
    uint64_t *lo = low + base, *hi = high + base;
    for (size_t i = 0; i < n; i++) {
      const ck_occurrence_list *list = o->lists + symbol[i];
      if (hi[i] - lo[i] <= NARROW) {
        __builtin_prefetch((const char *)o->symbols + lo[i] * o->symbol_bytes);
        __builtin_prefetch((const char *)o->symbols + hi[i] * o->symbol_bytes);
      }
      if (list->width < o->whole_width) {
        __builtin_prefetch(o->directory + list->directory + (lo[i] >> list->width));
        __builtin_prefetch(o->directory + list->directory + (hi[i] >> list->width));
      } else {
        __builtin_prefetch(o->low + list->low);
      }
    }
    for (size_t i = 0; i < n; i++) {
      const ck_occurrence_list *list = o->lists + symbol[i];
      if (hi[i] - lo[i] <= NARROW) {
        uint32_t inside = 0;
        for (uint64_t p = lo[i]; p < hi[i]; p++)
          inside += symbol_at(o->symbols, o->symbol_bytes, p) == symbol[i];
        if (inside == 0) {
          // An empty range; the rank itself does not matter to anybody.
          lo[i] = hi[i] = 0;
          to[0][i] = 0;
          from[0][i] = 1;
          continue;
        }
      }
      const uint32_t width = width_of(list, o->whole_width);
      bucket(o, list, lo[i], &from[0][i], &to[0][i]);
      bucket(o, list, hi[i], &from[1][i], &to[1][i]);
      for (int end = 0; end < 2; end++) {
        const uint64_t middle = from[end][i] + (to[end][i] - from[end][i]) / 2;
        __builtin_prefetch(o->low + list->low + (middle * width >> 6));
        if ((to[end][i] - from[end][i]) * width > 512)
          __builtin_prefetch(o->low + list->low + (from[end][i] * width >> 6));
      }
    }
    for (size_t i = 0; i < n; i++) {
      if (from[0][i] > to[0][i]) continue;
      const ck_occurrence_list *list = o->lists + symbol[i];
      const uint32_t width = width_of(list, o->whole_width);
      const uint64_t mask = (UINT64_C(1) << width) - 1;
      const uint64_t *parts = o->low + list->low;
      const uint64_t first = lower_bound(parts, width, lo[i] & mask, from[0][i], to[0][i]);
      uint64_t start = from[1][i];
      // In one bucket the upper rank is not below the lower one, and mostly near.
      if (start == from[0][i] && first > start) start = first;
      uint64_t end = to[1][i];
      const uint64_t near = start + 4 * (hi[i] - lo[i] < 4 ? 1 : 4);
      if (near < end && low_part(parts, near, width) >= (hi[i] & mask)) end = near;
      const uint64_t second = lower_bound(parts, width, hi[i] & mask, start, end);
      lo[i] = first;
      hi[i] = second < first ? first : second;
    }
  }
}

// Ranges up to this width are sorted by insertion, which needs no pass over the alphabet.
enum { FEW = 24 };

size_t ck_symbols_distinct(const void *symbols, uint32_t symbol_bytes, uint64_t low, uint64_t high,
                           uint32_t alphabet, uint32_t *counts, uint64_t *marks,
                           uint32_t *found_symbols, uint32_t *found_counts, size_t capacity) {
  size_t found = 0;
  if (high - low <= FEW) {
    uint32_t sorted[FEW], number[FEW];
    for (uint64_t p = low; p < high; p++) {
      const uint32_t symbol = symbol_at(symbols, symbol_bytes, p);
      if (symbol >= alphabet) continue;
      size_t i = found;
      while (i > 0 && sorted[i - 1] > symbol) i--;
      if (i > 0 && sorted[i - 1] == symbol) {
        number[i - 1]++;
        continue;
      }
      memmove(sorted + i + 1, sorted + i, (found - i) * sizeof *sorted);
      memmove(number + i + 1, number + i, (found - i) * sizeof *number);
      sorted[i] = symbol;
      number[i] = 1;
      found++;
    }
    if (found > capacity) found = capacity;
    memcpy(found_symbols, sorted, found * sizeof *sorted);
    memcpy(found_counts, number, found * sizeof *number);
    return found;
  }
  for (uint64_t p = low; p < high; p++) {
    const uint32_t symbol = symbol_at(symbols, symbol_bytes, p);
    if (symbol >= alphabet) continue;
    counts[symbol]++;
    marks[symbol >> 6] |= UINT64_C(1) << (symbol & 63);
  }
  for (uint32_t word = 0; word < (alphabet + 63) / 64; word++) {
    uint64_t rest = marks[word];
    marks[word] = 0;
    while (rest) {
      const uint32_t symbol = word * 64 + (uint32_t)__builtin_ctzll(rest);
      rest &= rest - 1;
      if (found < capacity) {
        found_symbols[found] = symbol;
        found_counts[found++] = counts[symbol];
      }
      counts[symbol] = 0;
    }
  }
  return found;
}

size_t ck_symbols_scoring(const void *symbols, uint32_t symbol_bytes, uint64_t low, uint64_t high,
                          uint32_t alphabet, const int32_t *key_of_symbol, const float *scores,
                          float threshold, uint32_t *stamps, uint32_t epoch, uint32_t *found) {
  size_t count = 0;
  for (uint64_t p = low; p < high; p++) {
    const uint32_t symbol = symbol_at(symbols, symbol_bytes, p);
    if (symbol >= alphabet) continue;
    const int32_t key = key_of_symbol[symbol];
    if (key < 0 || !(scores[key] >= threshold) || stamps[symbol] == epoch) continue;
    stamps[symbol] = epoch;
    found[count++] = symbol;
  }
  return count;
}

enum { RUN = 32 };

// The wanted-th largest value, counted from 1, by Hoare's selection; reorders the values.
static float select_largest(float *values, size_t count, size_t wanted) {
  size_t left = 0, right = count - 1;
  const size_t place = wanted - 1;
  while (left < right) {
    const float pivot = values[left + (right - left) / 2];
    size_t i = left, j = right;
    for (;;) {
      while (values[i] > pivot) i++;
      while (values[j] < pivot) j--;
      if (i >= j) break;
      const float swap = values[i];
      values[i++] = values[j];
      values[j--] = swap;
      if (j == (size_t)-1) break;
    }
    const size_t split = i > j ? j : i;
    if (split != (size_t)-1 && place <= split && split < right) right = split;
    else left = split + 1;
  }
  return values[place];
}

float ck_bound_reached(const float *values, size_t count, size_t wanted, float *maxima) {
  const size_t runs = (count + RUN - 1) / RUN;
  if (wanted == 0 || runs < wanted) return -__builtin_inff();
  for (size_t run = 0; run < runs; run++) {
    const float *first = values + run * RUN;
    const size_t length = count - run * RUN < RUN ? count - run * RUN : RUN;
    // Eight maxima side by side, which compilers turn into vector instructions.
    float best[8];
    for (int i = 0; i < 8; i++) best[i] = -__builtin_inff();
    size_t i = 0;
    for (; i + 8 <= length; i += 8)
      for (int lane = 0; lane < 8; lane++)
        best[lane] = first[i + lane] > best[lane] ? first[i + lane] : best[lane];
    for (; i < length; i++) best[0] = first[i] > best[0] ? first[i] : best[0];
    for (int lane = 1; lane < 8; lane++) best[0] = best[lane] > best[0] ? best[lane] : best[0];
    maxima[run] = best[0];
  }
  return select_largest(maxima, runs, wanted);
}

static size_t select_portable(const float *values, size_t start, size_t count, float threshold,
                              uint32_t *indices, size_t capacity, size_t found) {
  for (size_t i = start; i < count; i++) {
    if (!(values[i] >= threshold)) continue;
    if (found < capacity) indices[found] = (uint32_t)i;
    found++;
  }
  return found;
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) static size_t select_avx2(const float *values, size_t count,
                                                          float threshold, uint32_t *indices,
                                                          size_t capacity) {
  const __m256 bound = _mm256_set1_ps(threshold);
  size_t found = 0, i = 0;
  for (; i + 16 <= count; i += 16) {
    const __m256 a = _mm256_cmp_ps(_mm256_loadu_ps(values + i), bound, _CMP_GE_OQ);
    const __m256 b = _mm256_cmp_ps(_mm256_loadu_ps(values + i + 8), bound, _CMP_GE_OQ);
    uint32_t mask = (uint32_t)_mm256_movemask_ps(a) | (uint32_t)_mm256_movemask_ps(b) << 8;
    while (mask) {
      if (found < capacity) indices[found] = (uint32_t)i + (uint32_t)__builtin_ctz(mask);
      found++;
      mask &= mask - 1;
    }
  }
  return select_portable(values, i, count, threshold, indices, capacity, found);
}

static int has_avx2;
__attribute__((constructor)) static void detect(void) {
  __builtin_cpu_init();
  has_avx2 = __builtin_cpu_supports("avx2");
}
#endif

size_t ck_select_at_least(const float *values, size_t count, float threshold, uint32_t *indices,
                          size_t capacity) {
#if defined(__x86_64__)
  if (has_avx2) return select_avx2(values, count, threshold, indices, capacity);
#endif
  return select_portable(values, 0, count, threshold, indices, capacity, 0);
}
