import Foundation
import Memory
import Storage
import Tensors
import Transformers

/// A small decoder that reads an encoder's states and writes tokens of its vocabulary, in the form
/// that is trained.
///
/// The norm stands before each sublayer; words are the encoder's, frozen, seen and written through
/// a square map each; a token is either written or copied from the source.
package final class GeneratorNetwork {
    package let configuration: GeneratorConfiguration
    /// All that is trained, by the names in the file.
    package let parameters: ParameterStore
    /// The encoder's word embeddings E [V × d], frozen.
    package let words: Parameter
    private let layers: DecoderLayers

    /// A new network. Square maps start as the identity plus noise, so that words are seen and
    /// written as the encoder does; the others start as small normal numbers.
    package convenience init(_ configuration: GeneratorConfiguration, words: Parameter, seed: UInt64) {
        let store = ParameterStore()
        for (name, shape) in Self.shapes(configuration) {
            let isGain = name.hasSuffix("norm.weight")
            let isBias = name.hasSuffix("bias")
            let start: Initialization = isGain ? .ones : isBias ? .zeros : .truncatedNormal(deviation: 0.02)
            let parameter = store.add(name, shape: shape, start, seed: seed)
            guard name == "embed_map.weight" || name == "output_map.weight" else { continue }
            parameter.update { values in
                for row in 0..<configuration.width { values[row * configuration.width + row] += 1 }
            }
        }
        self.init(configuration, words: words, store)
    }

    /// The network of a folder with `config.json` and `model.safetensors`.
    ///
    /// - Throws: ``ModelError`` when a file is missing or damaged, or a tensor is not as the
    ///   configuration says, ``LearningError`` when the words are not the encoder's.
    package convenience init(contentsOf folder: URL, words: Parameter) throws {
        let file = folder.appending(path: "config.json")
        let checkpoint = try Checkpoint(contentsOf: folder)
        let configuration = try GeneratorConfiguration(checkpoint.configuration, path: file.path)
        guard words.rows == configuration.vocabularySize, words.columns == configuration.width else {
            throw LearningError.malformed(
                path: file.path, reason: "the generator and its encoder have different sizes")
        }
        let tensors = try Safetensors(contentsOf: folder.appending(path: "model.safetensors"))
        let store = ParameterStore()
        for (name, shape) in Self.shapes(configuration) { try store.load(name, shape: shape, from: tensors) }
        if configuration.interacts {
            // It reads the frozen encoder alone, so that it stays as it is.
            for (name, shape) in LateInteraction.shapes(width: configuration.width) {
                try store.load(name, shape: shape, from: tensors, isFrozen: true)
            }
        }
        self.init(configuration, words: words, store)
    }

    private init(_ configuration: GeneratorConfiguration, words: Parameter, _ store: ParameterStore) {
        precondition(words.rows == configuration.vocabularySize && words.columns == configuration.width)
        precondition(words.isFrozen, "a generator's words are its encoder's")
        (self.configuration, self.words, parameters) = (configuration, words, store)
        layers = DecoderLayers(
            store, layerCount: configuration.layerCount, headCount: configuration.headCount,
            epsilon: configuration.epsilon)
    }

    /// Writes `config.json` and `model.safetensors` into a folder that exists.
    package func write(to folder: URL, as type: Safetensors.ElementType = .float32) throws {
        try OutputFile.write(configuration.json.bytes(), to: folder.appending(path: "config.json").path)
        try parameters.write(to: folder.appending(path: "model.safetensors"), as: type)
    }
}

extension ParameterStore {
    /// A parameter that the network itself has added.
    func required(_ name: String) -> Parameter {
        guard let parameter = self[name] else { preconditionFailure("there is no parameter \(name)") }
        return parameter
    }
}

// MARK: The network

extension GeneratorNetwork {
    /// The mean of -log p over all predicted rows of a batch.
    package func loss(_ batch: GeneratorBatch, on tape: Tape) -> Variable {
        tape.copyMixtureLoss(mixture(batch, on: tape), softTargets(batch))
    }

    /// What is missing for the first target of each group to be the likeliest of them, which is what
    /// ``Tape/copyMixtureRanking(_:tokens:_:groups:normalizer:)`` computes.
    ///
    /// - Parameter groups: the targets of each query.
    package func rankingLoss(
        _ batch: GeneratorBatch, groups: Sequences, normalizer: Float, on tape: Tape
    ) -> Variable {
        tape.copyMixtureRanking(
            mixture(batch, on: tape), tokens: batch.targets.flatMap(\.tokens), sequences(batch), groups: groups,
            normalizer: normalizer)
    }

    private func sequences(_ batch: GeneratorBatch) -> Sequences {
        Sequences(lengths: batch.targets.map(\.tokens.count))
    }

    /// What each row of a batch's targets is told from.
    private func mixture(_ batch: GeneratorBatch, on tape: Tape) -> CopyMixture {
        let memory = tape.constant(batch.states)
        let targets = sequences(batch)
        let source = batch.targets.map { Int32($0.source) }
        let h = layers.run(
            embed(batch, targets, on: tape),
            .init(sequences: targets, memory: memory, sources: batch.sources, source: source), on: tape)
        let sourceOfRow = zip(source, batch.targets).flatMap { Array(repeating: $0, count: $1.tokens.count) }
        return CopyMixture(
            tape.linear(h, parameters.required("output_map.weight")), against: words,
            bias: parameters.required("output_bias"),
            query: tape.linear(h, parameters.required("copy.query.weight")),
            gate: tape.linear(
                h, parameters.required("copy.gate.weight"), bias: parameters.required("copy.gate.bias")),
            CopySource(
                keys: tape.linear(memory, parameters.required("copy.key.weight")),
                sequences: batch.sources, tokens: batch.sourceTokens, sourceOfRow: sourceOfRow))
    }

    /// The start of the task, then the tokens so far, each with its position.
    private func embed(_ batch: GeneratorBatch, _ targets: Sequences, on tape: Tape) -> Variable {
        var (words, wordRows): ([Int32], [Int32]) = ([], [])
        var positions: [Int32] = []
        for (index, target) in batch.targets.enumerated() {
            precondition(target.tokens.count <= configuration.maximumLength, "the target is too long")
            words += target.tokens.dropLast()
            wordRows += targets[index].dropFirst().map(Int32.init)
            positions += (0..<Int32(target.tokens.count))
        }
        let starts = tape.rows(of: parameters.required("start.weight"), batch.targets.map { Int32($0.task) })
        let seen = tape.linear(
            tape.rows(of: self.words, words), parameters.required("embed_map.weight"))
        let tokens = tape.assemble(
            [(starts, targets.offsets.dropLast().map(Int32.init)), (seen, wordRows)],
            rows: targets.rowCount, columns: configuration.width)
        return tape.add(tokens, tape.rows(of: parameters.required("positions.weight"), positions))
    }

    private func softTargets(_ batch: GeneratorBatch) -> SoftTargets {
        var result = SoftTargets()
        for target in batch.targets {
            if let first = target.first { result.append(first) } else { result.append(target.tokens[0]) }
            for token in target.tokens.dropFirst() { result.append(token) }
        }
        return result
    }

    /// Names and shapes of all tensors, in order of their use.
    static func shapes(_ configuration: GeneratorConfiguration) -> [(name: String, shape: [Int])] {
        let d = configuration.width
        let before: [(String, [Int])] = [
            ("start.weight", [configuration.tasks.count, d]),
            ("positions.weight", [configuration.maximumLength, d]), ("embed_map.weight", [d, d]),
        ]
        let layers = DecoderLayers.shapes(
            layerCount: configuration.layerCount, width: d,
            feedForwardWidth: configuration.feedForwardWidth)
        return before + layers + [
            ("output_map.weight", [d, d]),
            ("output_bias", [configuration.vocabularySize]), ("copy.query.weight", [d, d]),
            ("copy.key.weight", [d, d]), ("copy.gate.weight", [1, d]), ("copy.gate.bias", [1]),
        ]
    }
}
