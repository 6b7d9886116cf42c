#ifndef GENRET_CKERNELS_POSTINGS_H
#define GENRET_CKERNELS_POSTINGS_H

#include <stddef.h>
#include <stdint.h>

// Scoring of posting lists. A posting is a passage and a code; the code selects an entry of
// `shares`, the saturated term frequency, and the posting is worth `weight * shares[code]`. A
// passage's score is the sum over the lists in their order, so that every way of computing it
// gives the same bits. Passages rise within a list. Codes are 16 bits wide, or 32 where `wide` is
// not zero.

typedef struct {
  const int32_t *passages;
  const void *codes;
  size_t count;
  float weight;
} ck_posting_list;

// shares[i] = tf / (tf + base + slope * length) where pairs[2 * i] is tf, pairs[2 * i + 1] length.
void ck_posting_shares(const uint32_t *pairs, size_t count, float base, float slope, float *shares);

// The number of passages below `passage` in a list; O(log of the answer), galloping from the front.
size_t ck_postings_before(const int32_t *passages, size_t count, int32_t passage);

// scores[passage - first] += weight * shares[code] for each posting of a list.
void ck_postings_add(ck_posting_list list, int wide, int32_t first, const float *shares,
                     float *scores);

// The score of one passage; O(log postings) a list.
float ck_postings_score(const ck_posting_list *lists, size_t count, int wide, const float *shares,
                        int32_t passage);

// Finds the scores above `floor`, writes their places in rising order and their values, and sets
// all `count` scores to zero. Returns how many were written; both outputs have room for `count`.
size_t ck_scores_take_above(float *scores, size_t count, float floor, uint32_t *places,
                            float *values);

// The same for the scores of one list's passages only, where few scores are not zero.
size_t ck_postings_take_above(ck_posting_list list, int32_t first, float *scores,
                              float floor, uint32_t *places, float *values);

// Whether every passage is in 0 ..< `limit`; `*falls` receives how many passages are not larger
// than the one before.
int ck_postings_check(const int32_t *passages, size_t count, uint32_t limit, size_t *falls);

// The largest of `count` codes, 0 when there are none.
uint32_t ck_codes_largest(const void *codes, int wide, size_t count);

#endif
