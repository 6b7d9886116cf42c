import Foundation
import Memory
import Tensors
import Text

/// A trained generator: a small decoder that reads a frozen sentence encoder's token states by
/// cross-attention and writes tokens of the encoder's vocabulary.
///
///     x_0 = start[task] + P[0],  x_k = E[t_k] W_in + P[k]     E: the encoder's word embeddings
///     h   = the last of the pre-norm layers' states
///     p   = (1 - g) softmax(h W_out Eᵀ + b) + g copy           see ``CopyMixture``
///
/// It shares the encoder's word embeddings, on the way in as they are and on the way out packed once.
/// One encoding of a text serves all tasks, which differ in the vector that their first step reads.
package struct GeneratorModel: Sendable {
    /// The folder the model was read from.
    package let directory: URL
    package let configuration: GeneratorConfiguration
    package let encoder: SentenceEncoder
    package let precision: Precision
    let decoder: TransformerStack
    let mixture: CopyMixture.Weights
    /// The head that compares queries with passages; nil where the generator has none.
    package let interaction: LateInteraction?

    /// Reads a folder of `config.json` and `model.safetensors` (F32, F16 or BF16).
    ///
    /// - Parameters:
    ///   - encoder: the encoder that the folder names.
    ///   - precision: of the layers' weights and of the packed words. The maps between the spaces stay
    ///     single.
    /// - Throws: ``ModelError`` when a file is missing or damaged, a tensor is missing, of another shape
    ///   or no number, or when the generator was made for another encoder.
    package init(
        directory: URL, encoder: SentenceEncoder, precision: Precision = .int8
    ) throws(ModelError) {
        let checkpoint = try Checkpoint(contentsOf: directory)
        let configuration = try GeneratorConfiguration(
            checkpoint.configuration, path: directory.appendingPathComponent("config.json").path)
        try Self.check(configuration, encoder, directory)
        self.directory = directory
        self.configuration = configuration
        self.encoder = encoder
        self.precision = precision
        let (d, vocabulary) = (configuration.width, configuration.vocabularySize)
        let words = encoder.encoder.weights.words
        let arena = HeapArena()
        func loader(_ precision: Precision) -> WeightLoader {
            WeightLoader(
                checkpoint: checkpoint, precision: precision, configuration: configuration.stack,
                vocabularySize: vocabulary, arena: arena)
        }
        let (layers, maps) = (loader(precision), loader(.float32))
        func map(_ name: String) throws(ModelError) -> Linear {
            try maps.linear([(name, d)], from: d, hasBias: false)
        }
        let names = GeneratorConfiguration.names
        var stack: [LayerWeights] = []
        for index in 0..<configuration.layerCount { stack.append(try layers.layer(names.layer(index))) }
        decoder = TransformerStack(
            configuration: configuration.stack,
            weights: StackWeights(
                words: words,
                wordMap: WordMap(
                    map: try map("embed_map"),
                    starts: try maps.floats("start.weight", [configuration.tasks.count, d])),
                positions: try maps.floats("positions.weight", [configuration.maximumLength, d]),
                segments: nil, embeddingNorm: nil, relativeBias: nil, rotaryDivisors: nil, layers: stack,
                finalNorm: try maps.norm("final_norm")))
        interaction =
            configuration.interacts ? LateInteraction(try InteractionWeights(checkpoint, width: d)) : nil
        mixture = CopyMixture.Weights(
            map: try map("output_map"),
            words: words.withUnsafeBuffer {
                PackedMatrix(
                    transposing: $0, columns: vocabulary, inner: d, precision: precision, in: arena)
            },
            bias: try maps.floats("output_bias", [vocabulary]), query: try map("copy.query"),
            key: try map("copy.key"), gate: try maps.floats("copy.gate.weight", [1, d]),
            gateBias: try maps.floats("copy.gate.bias", [1])[0])
    }

    /// The number of a task; nil where the generator was not trained for it.
    package func task(_ name: String) -> Int? { configuration.tasks.firstIndex(of: name) }

    /// The token that ends titles and questions, the encoder's separator.
    package var end: Int32? { encoder.tokenizer.separatorID }

    private static func check(
        _ configuration: GeneratorConfiguration, _ encoder: SentenceEncoder, _ directory: URL
    ) throws(ModelError) {
        let name = encoder.directory.lastPathComponent
        guard configuration.encoder == name else {
            throw .unsupported(
                path: directory.path,
                reason: "the generator reads the encoder \(configuration.encoder), not \(name)")
        }
        guard configuration.width == encoder.dimension,
            configuration.vocabularySize == encoder.configuration.vocabularySize
        else {
            throw .unsupported(
                path: directory.path,
                reason:
                    "the generator reads an encoder of \(configuration.vocabularySize) tokens and width \(configuration.width); \(name) has \(encoder.configuration.vocabularySize) and \(encoder.dimension)"
            )
        }
    }
}
