import Foundation
import Memory
import Storage
import Tensors
import Transformers

/// The network that bends a query's vector for every level of docids, in the form that is trained; see
/// ``DocidModel`` for what it computes.
package final class DocidNetwork {
    package let configuration: DocidModelConfiguration
    /// All that is trained, by the names in the file.
    package let parameters: ParameterStore
    /// The probability with which a sublayer's output is dropped.
    package var dropout: Float = 0.1
    private let layers: DecoderLayers

    /// A new network, which leaves every query as it is: the map behind its layers starts as zeros, the
    /// others as small normal numbers.
    package convenience init(_ configuration: DocidModelConfiguration, seed: UInt64) {
        let store = ParameterStore()
        for (name, shape) in Self.shapes(configuration) {
            let isZero = name.hasSuffix("bias") || name == "output.weight"
            let start: Initialization =
                name.hasSuffix("norm.weight") ? .ones : isZero ? .zeros : .truncatedNormal(deviation: 0.02)
            store.add(name, shape: shape, start, seed: seed)
        }
        self.init(configuration, store)
    }

    private init(_ configuration: DocidModelConfiguration, _ store: ParameterStore) {
        (self.configuration, parameters) = (configuration, store)
        layers = DecoderLayers(
            store, layerCount: configuration.layerCount, headCount: configuration.headCount,
            epsilon: configuration.epsilon)
    }

    /// Takes the weights of a network of the same shape.
    ///
    /// - Parameter folder: that ``write(to:as:members:tensors:)`` wrote to.
    /// - Throws: ``ModelError`` where a tensor is missing or of another shape.
    package func load(from folder: URL) throws(ModelError) {
        try parameters.load(from: Safetensors(contentsOf: folder.appending(path: "model.safetensors")))
    }

    /// Makes the network leave every query as it is.
    package func reset() {
        parameters.required("output.weight").update { $0.update(repeating: 0) }
    }

    /// Writes `config.json` and `model.safetensors` into a folder that exists.
    ///
    /// - Parameters:
    ///   - members: what the configuration says besides.
    ///   - tensors: what the file of weights has besides.
    package func write(
        to folder: URL, as type: Safetensors.ElementType, members: [JSONValue.Member] = [],
        tensors: [(name: String, shape: [Int], values: FrozenArray<Float>, type: Safetensors.ElementType)] = []
    ) throws {
        let json = JSONValue.object(configuration.members + members)
        try OutputFile.write(json.bytes(), to: folder.appending(path: "config.json").path)
        var writer = SafetensorsWriter()
        for parameter in parameters.parameters { writer.add(parameter, as: type) }
        for tensor in tensors { writer.add(tensor.name, shape: tensor.shape, tensor.values, as: tensor.type) }
        try writer.write(to: folder.appending(path: "model.safetensors"))
    }

    static func shapes(_ configuration: DocidModelConfiguration) -> [(name: String, shape: [Int])] {
        let d = configuration.width
        return [("slots.weight", [configuration.slotCount, d])]
            + DecoderLayers.shapes(
                layerCount: configuration.layerCount, width: d,
                feedForwardWidth: configuration.feedForwardWidth)
            + [("output.weight", [d, d])]
    }
}

extension DocidNetwork {
    /// The mean over levels of the mean over queries of
    ///
    ///     -log (sum of softmax(inverseTemperature · q_l Cᵀ) over the codes that are right)
    ///
    /// over all codes of a level, so that every prefix of a docid ranks well by itself
    /// (prefix-oriented ranking: RIPOR, Zeng et al. 2024).
    ///
    /// - Parameters:
    ///   - levels: one a slot.
    ///   - seed: of the dropout.
    package func loss(
        _ batch: DocidBatch, _ levels: [DocidLevel], inverseTemperature: Float, seed: UInt64, on tape: Tape
    ) -> Variable {
        precondition(levels.count == configuration.slotCount, "every slot needs a level")
        let queries = self.queries(batch, seed: seed, on: tape)
        let (count, slots) = (batch.sources.count, levels.count)
        let losses = levels.enumerated().map { slot, level in
            tape.crossEntropy(
                tape.rows(of: queries, (0..<count).map { Int32($0 * slots + slot) }),
                against: level.table, scale: inverseTemperature, anyOf: level.targets)
        }
        let sum = losses.dropFirst().reduce(losses[0]) { tape.add($0, $1) }
        return tape.scale(sum, by: 1 / Float(slots))
    }

    /// The bent vectors of all queries, slot after slot: [queries · slots × d].
    package func queries(_ batch: DocidBatch, seed: UInt64, on tape: Tape) -> Variable {
        let (count, slots) = (batch.sources.count, configuration.slotCount)
        let starts = tape.rows(
            of: parameters.required("slots.weight"), (0..<count * slots).map { Int32($0 % slots) })
        let h = layers.run(
            starts,
            .init(
                sequences: Sequences(lengths: Array(repeating: slots, count: count)),
                memory: tape.constant(batch.states), sources: batch.sources,
                source: (0..<Int32(count)).map { $0 }), dropout: dropout, seed: seed, on: tape)
        let own = tape.rows(
            of: tape.constant(batch.vectors), (0..<count * slots).map { Int32($0 / slots) })
        return tape.normalizeRows(tape.add(own, tape.linear(h, parameters.required("output.weight"))))
    }
}
