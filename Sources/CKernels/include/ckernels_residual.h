#ifndef GENRET_CKERNELS_RESIDUAL_H
#define GENRET_CKERNELS_RESIDUAL_H

#include <stddef.h>
#include <stdint.h>

// Codes of vectors as a centroid and what is left of them, two bits a component. A code is the centroid's number (two bytes, the lower
// first), then width / 4 bytes with four components each, the first in the lowest bits.

// Widths are multiples of CK_RESIDUAL_STEP, and CK_RESIDUAL_MOST at most.
enum { CK_RESIDUAL_STEP = 16, CK_RESIDUAL_MOST = 512, CK_RESIDUAL_LANES = 16 };

typedef struct {
  const float *centroids;  // [count * width]
  const float *spreads;    // [width]: what a level of a component is multiplied by
  const float *levels;     // [256 * 4]: the levels of a byte's components
  size_t count;
  size_t width;
} ck_residual_book;

// row[j] = centroid[j] + spreads[j] * level of component j, scaled to length one. A number that no centroid has is read as 0.
void ck_residual_decode(const ck_residual_book *book, const uint8_t *code, float *row);

// peaks[i] = the largest product of query i with any of `count` neighbouring codes, as ck_residual_decode gives them. `queries` is
// [width * lanes], a query a column; lanes, a multiple of CK_RESIDUAL_LANES, is also the number of peaks. Sums add in the order of the
// components, so that every instruction set gives the same. O(count * width * lanes).
void ck_residual_peaks(const ck_residual_book *book, const uint8_t *codes, size_t count, const float *queries,
                       size_t lanes, float *peaks);

#endif
