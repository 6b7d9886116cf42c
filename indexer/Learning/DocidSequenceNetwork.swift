import Foundation
import Memory
import Storage
import Tensors
import Transformers

/// The network that writes docids token by token, in the form that is trained; see
/// ``DocidSequenceModel`` for what it computes.
public final class DocidSequenceNetwork {
    public let configuration: DocidModelConfiguration
    /// All that is trained, by the names in the file.
    public let parameters = ParameterStore()
    /// The probability with which a sublayer's output is dropped.
    public var dropout: Float = 0.1
    private let layers: DecoderLayers
    private let vocabularySize: Int

    /// A new network of small normal numbers.
    ///
    /// - Precondition: the configuration has a vocabulary.
    public init(_ configuration: DocidModelConfiguration, seed: UInt64) {
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
        for (name, shape) in shapes {
            let start: Initialization =
                name.hasSuffix("norm.weight") ? .ones
                : name.hasSuffix("bias") ? .zeros : .truncatedNormal(deviation: 0.02)
            parameters.add(name, shape: shape, start, seed: seed)
        }
        layers = DecoderLayers(
            parameters, layerCount: configuration.layerCount, headCount: configuration.headCount,
            epsilon: configuration.epsilon)
    }

    /// Writes `config.json` and `model.safetensors` into a folder that exists.
    ///
    /// - Parameter members: what the configuration says besides.
    public func write(
        to folder: URL, as type: Safetensors.ElementType, members: [JSONValue.Member] = []
    ) throws {
        let json = JSONValue.object(configuration.members + members)
        try Data(json.bytes()).write(to: folder.appending(path: "config.json"), options: .atomic)
        try parameters.write(to: folder.appending(path: "model.safetensors"), as: type)
    }

    /// The mean of -log p over all tokens of the docids that queries should lead to (teacher forcing).
    ///
    /// - Parameters:
    ///   - docids: one for each query of the batch, none empty.
    ///   - seed: of the dropout.
    public func loss(_ batch: DocidBatch, docids: [[Int32]], seed: UInt64, on tape: Tape) -> Variable {
        precondition(docids.count == batch.sources.count)
        precondition(docids.allSatisfy { !$0.isEmpty && $0.count <= configuration.slotCount })
        let start = Int32(vocabularySize)
        let seen = tape.rows(
            of: parameters.required("tokens.weight"), docids.flatMap { [start] + $0.dropLast() })
        let places = tape.rows(
            of: parameters.required("positions.weight"), docids.flatMap { (0..<Int32($0.count)).map { $0 } })
        let h = layers.run(
            tape.add(seen, places),
            .init(
                sequences: Sequences(lengths: docids.map(\.count)), memory: tape.constant(batch.states),
                sources: batch.sources, source: (0..<Int32(docids.count)).map { $0 }),
            dropout: dropout, seed: seed, on: tape)
        return tape.crossEntropy(
            h, against: parameters.required("output.weight"), bias: parameters.required("output.bias"),
            SoftTargets(tokens: docids.flatMap { $0 }))
    }
}
