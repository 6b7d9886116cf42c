import Foundation
import Memory
import Storage
import Tensors
import Transformers

/// The network that writes docids token by token, in the form that is trained; see
/// ``DocidSequenceModel`` for what it computes.
package final class DocidSequenceNetwork {
    package let configuration: DocidModelConfiguration
    /// All that is trained, by the names in the file.
    package let parameters = ParameterStore()
    /// The probability with which a sublayer's output is dropped.
    package var dropout: Float = 0.1
    private let layers: DecoderLayers
    private let vocabularySize: Int

    /// A new network of small normal numbers.
    ///
    /// - Precondition: the configuration has a vocabulary.
    package init(_ configuration: DocidModelConfiguration, seed: UInt64) {
        self.configuration = configuration
        vocabularySize = configuration.vocabularySize ?? 0
        precondition(vocabularySize > 0, "there are no tokens to write")
        let d = configuration.width
        let shapes: [(String, [Int])] =
            [("tokens.weight", [vocabularySize + 1, d]), ("positions.weight", [configuration.slotCount, d])]
            + DecoderLayers.shapes(
                layerCount: configuration.layerCount, width: d,
                feedForwardWidth: configuration.feedForwardWidth)
            + [("output.weight", [vocabularySize, d]), ("output.bias", [vocabularySize])]
            + (configuration.isPrefixAware
                ? [
                    ("adaptor.tokens.weight", [vocabularySize + 1, d]), ("adaptor.state.weight", [d, d]),
                    ("adaptor.output.weight", [d, d]),
                ] : [])
        for (name, shape) in shapes {
            // Without what the adaptor gives, every prefix has the same output rows: that is the start.
            let isZero = name.hasSuffix("bias") || name == "adaptor.output.weight"
            let start: Initialization =
                name.hasSuffix("norm.weight") ? .ones : isZero ? .zeros : .truncatedNormal(deviation: 0.02)
            parameters.add(name, shape: shape, start, seed: seed)
        }
        layers = DecoderLayers(
            parameters, layerCount: configuration.layerCount, headCount: configuration.headCount,
            epsilon: configuration.epsilon)
    }

    /// Writes `config.json` and `model.safetensors` into a folder that exists.
    ///
    /// - Parameter members: what the configuration says besides.
    package func write(
        to folder: URL, as type: Safetensors.ElementType, members: [JSONValue.Member] = []
    ) throws {
        let json = JSONValue.object(configuration.members + members)
        try OutputFile.write(json.bytes(), to: folder.appending(path: "config.json").path)
        try parameters.write(to: folder.appending(path: "model.safetensors"), as: type)
    }

    /// The mean of -log p over all tokens of the docids that queries should lead to (teacher forcing).
    ///
    /// - Parameters:
    ///   - docids: one for each query of the batch, none empty.
    ///   - seed: of the dropout.
    package func loss(_ batch: DocidBatch, docids: [[Int32]], seed: UInt64, on tape: Tape) -> Variable {
        precondition(docids.count == batch.sources.count)
        precondition(docids.allSatisfy { !$0.isEmpty && $0.count <= configuration.slotCount })
        let start = Int32(vocabularySize)
        let before = docids.flatMap { [start] + $0.dropLast() }
        let sequences = Sequences(lengths: docids.map(\.count))
        let seen = tape.rows(of: parameters.required("tokens.weight"), before)
        let places = tape.rows(
            of: parameters.required("positions.weight"), docids.flatMap { (0..<Int32($0.count)).map { $0 } })
        var h = layers.run(
            tape.add(seen, places),
            .init(
                sequences: sequences, memory: tape.constant(batch.states), sources: batch.sources,
                source: (0..<Int32(docids.count)).map { $0 }),
            dropout: dropout, seed: seed, on: tape)
        if configuration.isPrefixAware { h = adapt(h, to: before, sequences, on: tape) }
        return tape.crossEntropy(
            h, against: parameters.required("output.weight"), bias: parameters.required("output.bias"),
            SoftTargets(tokens: docids.flatMap { $0 }))
    }

    /// States as their prefixes adapt them; see ``PrefixAdaptor``.
    private func adapt(
        _ h: Variable, to before: [Int32], _ sequences: Sequences, on tape: Tape
    ) -> Variable {
        let prefixes = tape.prefixSums(
            tape.rows(of: parameters.required("adaptor.tokens.weight"), before), sequences)
        let weights = tape.linear(tape.gelu(prefixes), parameters.required("adaptor.output.weight"))
        return tape.add(
            h, tape.multiply(tape.linear(h, parameters.required("adaptor.state.weight")), weights))
    }
}
