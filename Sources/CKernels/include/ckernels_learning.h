#ifndef GENRET_CKERNELS_LEARNING_H
#define GENRET_CKERNELS_LEARNING_H

#include <stddef.h>
#include <stdint.h>

// The backward passes of layers, and the optimiser. Gradients that may have several sources are
// added to what is there where `adds` is not 0; else what is there is not read.

// out = transpose of a [rows × columns], with rows of a and of out `stride` and `out_stride` apart.
void ck_transpose(const float *a, size_t rows, size_t columns, size_t stride, float *out,
                  size_t out_stride);

// out = normalise(x) * gain + bias for each row; moments gets each row's mean and the inverse of
// its deviation, two numbers a row.
void ck_layer_norm_forward(const float *x, size_t rows, size_t columns, const float *gain,
                           const float *bias, float epsilon, float *out, float *moments);

// The gradient by x of rows whose output has the gradient dy.
void ck_layer_norm_backward(const float *x, const float *dy, const float *moments, size_t rows,
                            size_t columns, const float *gain, int adds, float *dx);

// The gradients by gain and bias of the columns from..<to, summed over rows in rising order.
void ck_layer_norm_weights(const float *x, const float *dy, const float *moments, size_t rows,
                           size_t columns, size_t from, size_t to, int adds, float *dgain,
                           float *dbias);

// dx = dy * activation'(x), for CK_RELU and CK_GELU.
void ck_activate_backward(int kind, const float *x, const float *dy, size_t count, int adds,
                          float *dx);

// out = the sums of the columns of x, whose rows are `stride` apart, in rising order of rows.
void ck_sum_rows(const float *x, size_t rows, size_t columns, size_t stride, int adds, float *out);

// The logarithm of the sum of exp(x).
float ck_log_sum_exp(const float *x, size_t count);

// x = exp(x - shift) * scale
void ck_exp_shifted(float *x, size_t count, float shift, float scale);

// x = softmax(x) with gradient dy of the softmax: dx = x * (dy - sum(x * dy)) * scale.
void ck_softmax_backward(const float *x, const float *dy, size_t count, float scale, float *dx);

// The floats that attention over so many queries and keys works with.
size_t ck_attention_scratch(size_t width, size_t queries, size_t keys);

// One head over one sequence: out = softmax(scale * Q K^T) V. Rows of queries, of keys and values,
// and of out are `q_stride`, `k_stride` and `out_stride` apart. Where `causal`, query i sees the
// keys 0...i.
void ck_attention_forward(size_t queries, size_t keys, size_t width, const float *q,
                          size_t q_stride, const float *k, const float *v, size_t k_stride,
                          float scale, int causal, float *out, size_t out_stride, float *scratch);

// Adds the gradients by queries, keys and values; each has the strides of what it belongs to, and
// dy those of out. Scores are computed again instead of kept.
void ck_attention_backward(size_t queries, size_t keys, size_t width, const float *q,
                           size_t q_stride, const float *k, const float *v, size_t k_stride,
                           float scale, int causal, const float *dy, size_t dy_stride, float *dq,
                           float *dk, float *dv, float *scratch);

// out = x * mask / (1 - rate), where the mask of element first + i is 0 with probability `rate` and
// depends on the seed and first + i alone. Applied to a gradient it is the backward pass.
void ck_dropout(const float *x, size_t count, uint64_t seed, uint64_t first, float rate, int adds,
                float *out);

// The sum of squares, in double precision and an order that depends on count alone.
double ck_sum_of_squares(const float *x, size_t count);

// One step of AdamW (Loshchilov and Hutter 2019, as PyTorch computes it) with the gradient times
// `gradient_scale`: `step` is lr / (1 - beta1^t), `correction` is 1 / sqrt(1 - beta2^t) and `keep`
// is 1 - lr * decay.
typedef struct {
  float gradient_scale, keep, beta1, beta2, step, correction, epsilon;
} ck_adamw_step;
void ck_adamw(float *x, const float *gradient, float *first, float *second, size_t count,
              const ck_adamw_step *step);

#endif
