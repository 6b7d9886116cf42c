import Foundation
import Memory
import Tensors

/// A transformer read from a Hugging Face folder or a GGUF file: an encoder, a decoder, or both.
package struct TransformerModel: Sendable {
    package let configuration: ModelConfiguration
    package let precision: Precision
    let encoder: TransformerStack?
    let decoder: TransformerStack?
    let output: OutputLayer?

    /// The most tokens of a prompt, or of a source; nil where positions do not end.
    package var longestPrompt: Int? { (encoder ?? decoder)?.configuration.maximumLength }

    /// Layers and heads of the decoder, or of a model that has none.
    package var headShape: (layers: Int, heads: Int) {
        (decoder ?? encoder).map { ($0.configuration.layerCount, $0.configuration.headCount) } ?? (0, 0)
    }

    /// Reads a model's weights and packs them.
    ///
    /// - Parameter precision: of the products' weights. Embeddings, norms and biases stay single.
    /// - Throws: ``ModelError`` when the family is not supported, or a tensor is missing, of
    ///   another shape, or holds something that is no number.
    package init(_ checkpoint: Checkpoint, precision: Precision = .float32) throws(ModelError) {
        let path = checkpoint.path
        let configuration = try checkpoint.modelConfiguration()
        guard let family = ModelFamily.named(configuration.type) else {
            throw .unsupported(path: path, reason: "model_type is \(configuration.type)")
        }
        let names = family.names(checkpoint)
        self.configuration = configuration
        self.precision = precision
        let (arena, vocabularySize) = (HeapArena(), configuration.vocabularySize)
        func loader(_ stack: StackConfiguration) -> WeightLoader {
            WeightLoader(
                checkpoint: checkpoint, precision: precision, configuration: stack,
                vocabularySize: vocabularySize, arena: arena)
        }
        func stack(
            _ stack: StackConfiguration?, _ names: ModelNames.Stack?
        ) throws(ModelError) -> TransformerStack? {
            guard let stack, let names else { return nil }
            return TransformerStack(configuration: stack, weights: try loader(stack).stack(names))
        }
        encoder = try stack(configuration.encoder, names.encoder)
        decoder = try stack(configuration.decoder, names.decoder)
        if let head = configuration.output, let decoder {
            output = try OutputLayer(loader(decoder.configuration), head, names, decoder.weights.words)
        } else {
            output = nil
        }
    }
}
