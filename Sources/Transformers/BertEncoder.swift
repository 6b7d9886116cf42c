import CKernels
import Memory
import Tensors

/// The forward pass of BERT (Devlin et al. 2019) over several texts at once.
///
/// There is no padding: the texts' tokens are stacked into one matrix for the linear layers, and
/// attention runs text by text.
struct BertEncoder: Sendable {
    let configuration: ModelConfiguration
    let weights: BertWeights

    /// Rows of the feed-forward layers at a time, so that their activations stay in the cache.
    private static let block = 256

    func makeScratch() -> BertScratch { BertScratch(configuration) }

    /// Computes the last layer's states of the texts into `scratch.states`, [tokens × hidden],
    /// text after text.
    ///
    /// Every text must have at least one token, at most `maxPositions`, each in the vocabulary.
    func forward(_ texts: some Collection<[Int32]>, _ scratch: BertScratch) {
        let tokens = texts.reduce(0) { $0 + $1.count }
        let longest = texts.map(\.count).max() ?? 0
        let d = configuration.headSize
        scratch.reserve(tokens: tokens, longest: longest, block: BertEncoder.block) {
            max(ck_gemm_packed_count(d, $0), ck_gemm_packed_count($0, d))
        }
        embed(texts, scratch)
        for layer in weights.layers {
            layer.queryKeyValue.weight.multiply(
                rows: tokens, scratch.states.base, into: scratch.queryKeyValue.base,
                bias: layer.queryKeyValue.bias)
            var start = 0
            for text in texts {
                attend(from: start, length: text.count, scratch)
                start += text.count
            }
            layer.attentionOutput.weight.multiply(
                rows: tokens, scratch.context.base, into: scratch.projected.base,
                bias: layer.attentionOutput.bias)
            addAndNormalize(tokens, scratch, layer.attentionNorm)
            feedForward(tokens, layer, scratch)
            addAndNormalize(tokens, scratch, layer.outputNorm)
        }
    }

    private func embed(_ texts: some Collection<[Int32]>, _ scratch: BertScratch) {
        let h = configuration.hiddenSize
        let (words, positions) = (weights.words.unsafeBase, weights.positions.unsafeBase)
        let type = weights.types.unsafeBase
        var row = scratch.states.base
        for text in texts {
            for (position, token) in text.enumerated() {
                let word = words + Int(token) * h
                let place = positions + position * h
                for i in 0..<h { row[i] = word[i] + type[i] + place[i] }
                row += h
            }
        }
        let rows = texts.reduce(0) { $0 + $1.count }
        ck_layer_norm_rows(
            scratch.states.base, nil, rows, h, weights.embeddingNorm.gain.unsafeBase,
            weights.embeddingNorm.bias.unsafeBase, configuration.layerNormEpsilon)
    }

    /// softmax(Q Kᵀ / √d) V for each head of one text.
    private func attend(from start: Int, length: Int, _ scratch: BertScratch) {
        let (h, d) = (configuration.hiddenSize, configuration.headSize)
        let scale = 1 / Float(d).squareRoot()
        let (scores, packed) = (scratch.scores.base, scratch.packed.base)
        for head in 0..<configuration.headCount {
            let query = scratch.queryKeyValue.base + start * 3 * h + head * d
            ck_gemm_pack(query + h, 1, 3 * h, d, length, packed)
            ck_gemm(length, length, d, scale, query, 3 * h, 1, packed, 0, scores, length, nil)
            ck_softmax_rows(scores, length, length, length)
            ck_gemm_pack(query + 2 * h, 3 * h, 1, length, d, packed)
            ck_gemm(
                length, d, length, 1, scores, length, 1, packed, 0,
                scratch.context.base + start * h + head * d, h, nil)
        }
    }

    private func feedForward(_ tokens: Int, _ layer: BertWeights.Layer, _ scratch: BertScratch) {
        let h = configuration.hiddenSize
        for row in stride(from: 0, to: tokens, by: BertEncoder.block) {
            let rows = min(BertEncoder.block, tokens - row)
            layer.intermediate.weight.multiply(
                rows: rows, scratch.states.base + row * h, into: scratch.intermediate.base,
                bias: layer.intermediate.bias)
            ck_gelu(scratch.intermediate.base, rows * configuration.intermediateSize)
            layer.output.weight.multiply(
                rows: rows, scratch.intermediate.base, into: scratch.projected.base + row * h,
                bias: layer.output.bias)
        }
    }

    /// states = norm(states + projected)
    private func addAndNormalize(
        _ tokens: Int, _ scratch: BertScratch, _ norm: BertWeights.LayerNorm
    ) {
        ck_layer_norm_rows(
            scratch.states.base, scratch.projected.base, tokens, configuration.hiddenSize,
            norm.gain.unsafeBase, norm.bias.unsafeBase, configuration.layerNormEpsilon)
    }
}
