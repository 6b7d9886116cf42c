import Foundation
import Memory
import Tensors

/// A network that writes docids token by token: a small decoder that reads a frozen sentence encoder's
/// token states by cross-attention (DSI, Tay et al. 2022; NCI, Wang et al. 2022).
///
///     x_k = T[t_k] + P[k]        T: learnt, t_0 the start
///     p   = softmax(h O + b)     O: learnt, apart from T
///
/// A ``PrefixAdaptor`` may make O depend on the tokens so far (NCI).
package struct DocidSequenceModel: Sendable {
    package let configuration: DocidModelConfiguration
    private let decoder: TransformerStack
    private let output: OutputLayer
    private let adaptor: PrefixAdaptor?

    /// Reads a folder of `config.json` and `model.safetensors`.
    ///
    /// - Throws: ``ModelError`` as ``DocidModel`` does.
    package init(
        directory: URL, encoder: SentenceEncoder, precision: Precision = .float32
    ) throws(ModelError) {
        let checkpoint = try Checkpoint(contentsOf: directory)
        configuration = try DocidModelConfiguration(
            checkpoint.configuration, path: directory.appendingPathComponent("config.json").path)
        try configuration.check(encoder, directory, writesTokens: true)
        let (d, vocabulary) = (configuration.width, configuration.vocabularySize ?? 0)
        let arena = HeapArena()
        let loader = WeightLoader(
            checkpoint: checkpoint, precision: precision, configuration: configuration.stack,
            vocabularySize: vocabulary, arena: arena)
        let names = GeneratorConfiguration.names
        var layers: [LayerWeights] = []
        for index in 0..<configuration.layerCount { layers.append(try loader.layer(names.layer(index))) }
        decoder = TransformerStack(
            configuration: configuration.stack,
            weights: StackWeights(
                words: try loader.floats("tokens.weight", [vocabulary + 1, d]), wordMap: nil,
                positions: try loader.floats("positions.weight", [configuration.slotCount, d]), segments: nil,
                embeddingNorm: nil, relativeBias: nil, rotaryDivisors: nil, layers: layers,
                finalNorm: try loader.norm("final_norm")))
        output = OutputLayer(
            rows: try loader.floats("output.weight", [vocabulary, d]),
            bias: try loader.floats("output.bias", [vocabulary]), precision: precision, in: arena)
        adaptor = configuration.isPrefixAware ? try PrefixAdaptor(loader) : nil
    }

    /// A session that writes the docids of one query.
    ///
    /// - Precondition: the source has a token.
    package func session(_ source: GeneratorModel.Source) -> GenerationSession {
        precondition(source.states.rows > 0 && source.states.columns == configuration.width)
        let products = ProductScratch()
        let scratch = decoder.scratches.take(products)
        defer { decoder.scratches.giveBack(scratch) }
        let memories = source.states.withUnsafeBuffer { states in
            states.baseAddress.map { decoder.memories(of: $0, lengths: [source.states.rows], scratch) } ?? []
        }
        // The start stands behind the vocabulary.
        return GenerationSession(
            decoder, output, adaptor: adaptor, memories: memories,
            prompts: [[Int32(output.vocabularySize)]], products)
    }
}
