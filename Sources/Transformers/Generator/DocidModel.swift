import Foundation
import Memory
import Tensors

/// A trained docid network: a small decoder that reads a frozen sentence encoder's token states by
/// cross-attention and bends the query's vector for every level of docids.
///
///     x_0 = S [slots × d]        S: a learnt start for each level and for whole docids
///     h   = the last of the pre-norm layers' states, each slot seeing those before it
///     q_l = (q + h_l W) / |q + h_l W|
///
/// With W zero every q_l is q: that is the untrained network, which training starts from.
package struct DocidModel: Sendable {
    package let directory: URL
    package let configuration: DocidModelConfiguration
    private let decoder: TransformerStack
    private let output: Linear
    /// Whether W is zero, so that nothing need be computed.
    package let isUntrained: Bool

    /// Reads a folder of `config.json` and `model.safetensors` (F32, F16 or BF16).
    ///
    /// - Parameters:
    ///   - encoder: the encoder that the folder names.
    ///   - precision: of the layers' weights.
    /// - Throws: ``ModelError`` when a file is missing or damaged, a tensor is missing, of another shape
    ///   or no number, or when the network was made for another encoder.
    package init(
        directory: URL, encoder: SentenceEncoder, precision: Precision = .float32
    ) throws(ModelError) {
        let checkpoint = try Checkpoint(contentsOf: directory)
        let configuration = try DocidModelConfiguration(
            checkpoint.configuration, path: directory.appendingPathComponent("config.json").path)
        try configuration.check(encoder, directory, writesTokens: false)
        self.directory = directory
        self.configuration = configuration
        let d = configuration.width
        let loader = WeightLoader(
            checkpoint: checkpoint, precision: precision, configuration: configuration.stack,
            vocabularySize: configuration.slotCount, arena: HeapArena())
        let names = GeneratorConfiguration.names
        var layers: [LayerWeights] = []
        for index in 0..<configuration.layerCount { layers.append(try loader.layer(names.layer(index))) }
        decoder = TransformerStack(
            configuration: configuration.stack,
            weights: StackWeights(
                words: try loader.floats("slots.weight", [configuration.slotCount, d]), wordMap: nil,
                positions: nil, segments: nil, embeddingNorm: nil, relativeBias: nil, rotaryDivisors: nil,
                layers: layers, finalNorm: try loader.norm("final_norm")))
        let map = try loader.floats("output.weight", [d, d])
        isUntrained = map.indices.allSatisfy { map[$0] == 0 }
        output = try loader.linear([("output", d)], from: d, hasBias: false)
    }

    /// The vectors of a query for each level and for whole docids, [slots × d].
    ///
    /// - Parameters:
    ///   - vector: the encoder's vector of the query.
    ///   - source: its tokens' states.
    /// - Complexity: a pass of ``DocidModelConfiguration/slotCount`` rows through the layers.
    package func vectors(of vector: [Float], _ source: GeneratorModel.Source) -> Matrix {
        let (slots, d) = (configuration.slotCount, configuration.width)
        precondition(vector.count == d && source.states.columns == d)
        var vectors = Matrix(
            rows: slots, columns: d, values: (0..<slots).flatMap { _ in vector })
        guard !isUntrained, source.states.rows > 0 else { return vectors }
        let products = ProductScratch()
        let scratch = decoder.scratches.take(products)
        defer { decoder.scratches.giveBack(scratch) }
        let memories = source.states.withUnsafeBuffer { states in
            states.baseAddress.map { decoder.memories(of: $0, lengths: [source.states.rows], scratch) } ?? []
        }
        let cache = KeyValueCache(decoder.configuration)
        let start = DecoderState(source: 0, tokens: (0..<Int32(slots)).map { $0 }, cache)
        decoder.decode(DecoderRows([start]), cache, memories, nil, scratch)
        if let norm = decoder.weights.finalNorm { decoder.normalize(scratch.states.base, rows: slots, norm) }
        vectors.withUnsafeMutableBuffer { vectors in
            if let base = vectors.baseAddress {
                output.apply(rows: slots, scratch.states.base, into: base, adds: true, products)
            }
        }
        vectors.normalizeRows()
        return vectors
    }
}
