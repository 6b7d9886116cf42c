#include "include/ckernels_postings.h"

// Products and sums are rounded one by one, so that a passage has the same score wherever it is
// computed.
#pragma STDC FP_CONTRACT OFF

void ck_posting_shares(const uint32_t *pairs, size_t count, float base, float slope,
                       float *shares) {
  for (size_t i = 0; i < count; i++) {
    const float tf = (float)pairs[2 * i], length = (float)pairs[2 * i + 1];
    shares[i] = tf / (tf + base + slope * length);
  }
}

// The number of elements below `passage` in a sorted array, without a branch to mispredict.
static size_t lower_bound(const int32_t *passages, size_t count, int32_t passage) {
  const int32_t *low = passages;
  while (count > 1) {
    const size_t half = count / 2;
    low += low[half - 1] < passage ? half : 0;
    count -= half;
  }
  return (size_t)(low - passages) + (count == 1 && *low < passage);
}

size_t ck_postings_before(const int32_t *passages, size_t count, int32_t passage) {
  size_t step = 16, low = 0;
  while (low + step < count && passages[low + step] < passage) {
    low += step;
    step *= 2;
  }
  const size_t rest = count - low < step ? count - low : step;
  return low + lower_bound(passages + low, rest, passage);
}

static inline float share(const void *codes, int wide, size_t i, const float *shares) {
  return shares[wide ? ((const uint32_t *)codes)[i] : ((const uint16_t *)codes)[i]];
}

// One element at a time: a posting's passage is anywhere in the window, and no vector
// instruction below AVX-512 writes to scattered places. What counts is that the window lies in a
// near cache.
void ck_postings_add(ck_posting_list list, int wide, int32_t first, const float *shares,
                     float *scores) {
  const int32_t *passages = list.passages;
  const float weight = list.weight;
  if (wide)
    for (size_t i = 0; i < list.count; i++)
      scores[passages[i] - first] += weight * share(list.codes, 1, i, shares);
  else
    for (size_t i = 0; i < list.count; i++)
      scores[passages[i] - first] += weight * share(list.codes, 0, i, shares);
}

float ck_postings_score(const ck_posting_list *lists, size_t count, int wide, const float *shares,
                        int32_t passage) {
  float score = 0;
  for (size_t l = 0; l < count; l++) {
    const size_t i = lower_bound(lists[l].passages, lists[l].count, passage);
    if (i < lists[l].count && lists[l].passages[i] == passage)
      score += lists[l].weight * share(lists[l].codes, wide, i, shares);
  }
  return score;
}

size_t ck_postings_take_above(ck_posting_list list, int32_t first, float *scores,
                              float floor, uint32_t *places, float *values) {
  size_t found = 0;
  for (size_t i = 0; i < list.count; i++) {
    const uint32_t place = (uint32_t)(list.passages[i] - first);
    const float score = scores[place];
    scores[place] = 0;
    // Written always and kept sometimes: no branch to mispredict.
    places[found] = place;
    values[found] = score;
    found += score > floor;
  }
  return found;
}

int ck_postings_check(const int32_t *passages, size_t count, uint32_t limit, size_t *falls) {
  uint32_t outside = 0;
  size_t falling = 0;
  for (size_t i = 0; i < count; i++) outside |= (uint32_t)passages[i] >= limit;
  for (size_t i = 1; i < count; i++) falling += passages[i] <= passages[i - 1];
  *falls = falling;
  return !outside;
}

uint32_t ck_codes_largest(const void *codes, int wide, size_t count) {
  if (wide) {
    const uint32_t *code = codes;
    uint32_t largest = 0;
    for (size_t i = 0; i < count; i++) largest = code[i] > largest ? code[i] : largest;
    return largest;
  }
  const uint16_t *code = codes;
  uint16_t largest = 0;
  for (size_t i = 0; i < count; i++) largest = code[i] > largest ? code[i] : largest;
  return largest;
}

#define CK_NAME(name) name##_portable
#define CK_TARGET
#define CK_LANES 4
#include "postings_body.inc"
#undef CK_NAME
#undef CK_TARGET
#undef CK_LANES

#if defined(__x86_64__)
#define CK_NAME(name) name##_avx2
#define CK_TARGET __attribute__((target("avx2")))
#define CK_LANES 8
#include "postings_body.inc"
#undef CK_NAME
#undef CK_TARGET
#undef CK_LANES

static int has_avx2;
__attribute__((constructor)) static void detect(void) {
  __builtin_cpu_init();
  has_avx2 = __builtin_cpu_supports("avx2");
}
#define CK_CALL(name, ...) (has_avx2 ? name##_avx2(__VA_ARGS__) : name##_portable(__VA_ARGS__))
#else
#define CK_CALL(name, ...) name##_portable(__VA_ARGS__)
#endif

size_t ck_scores_take_above(float *scores, size_t count, float floor, uint32_t *places,
                            float *values) {
  return CK_CALL(take_above, scores, count, floor, places, values);
}
