import Decoding
import Foundation
import Learning
import Memory
import Tensors
import TestSupport
import Testing
import Transformers

@Suite struct DocidNetworkTests {
    typealias Check = FiniteDifferences

    /// A network of two layers, whose map behind the layers is no longer zero.
    private func network(slots: Int, width: Int = 8, dropout: Float = 0) -> DocidNetwork {
        let network = DocidNetwork(
            .init(encoder: "e", width: width, layerCount: 2, headCount: 2, feedForwardWidth: 12, slotCount: slots),
            seed: 3)
        network.dropout = dropout
        for parameter in network.parameters.parameters where !parameter.name.hasSuffix("norm.weight") {
            Initialization.normal(deviation: 0.5).fill(parameter, seed: 5)
        }
        return network
    }

    private func batch(_ lengths: [Int], width: Int = 8) -> DocidBatch {
        func matrix(_ rows: Int, _ seed: UInt64) -> Matrix {
            Check.parameter("x", max(rows, 2), width, seed: seed).matrix
        }
        let rows = lengths.reduce(0, +)
        var vectors = matrix(lengths.count, 1)
        vectors.normalizeRows()
        return DocidBatch(vectors: vectors, states: matrix(rows, 2), sources: Sequences(lengths: lengths))
    }

    private func levels(_ queries: Int, width: Int = 8) -> [DocidLevel] {
        [5, 9, 14].enumerated().map { level, count in
            let table = Parameter(name: "level \(level)", shape: [count, width], isFrozen: true)
            Initialization.normal(deviation: 0.6).fill(table, seed: UInt64(level) + 20)
            var targets = SoftTargets()
            for query in 0..<queries {
                // One that is right, two, and none.
                let tokens = [[1], [2, 4], []][(query + level) % 3]
                targets.append(tokens.map { (token: Int32($0), weight: Float(1)) })
            }
            return DocidLevel(table: table, targets: targets)
        }
    }

    @Test("Gradients of any of several rows of a table") func marginal() {
        let (x, table) = (Check.parameter("x", 4, 6), Check.parameter("table", 9, 6, seed: 2))
        var targets = SoftTargets()
        targets.append(3)
        targets.append([(token: Int32(1), weight: Float(1)), (token: 7, weight: 0.5), (token: 8, weight: 2)])
        targets.append([(token: Int32, weight: Float)]())
        targets.append([(token: Int32(0), weight: Float(1)), (token: 2, weight: 1)])
        Check.check([x, table]) { $0.crossEntropy($0.all(x), against: table, scale: 0.8, anyOf: targets) }
        // Beside the definition.
        let tape = Tape()
        let loss = tape.number(tape.crossEntropy(tape.all(x), against: table, scale: 0.8, anyOf: targets))
        var expected = 0.0
        for (row, tokens) in [[(3, 1.0)], [(1, 1), (7, 0.5), (8, 2)], [], [(0, 1), (2, 1)]].enumerated()
        where !tokens.isEmpty {
            let logits = (0..<9).map { entry in
                0.8 * (0..<6).reduce(0.0) { $0 + Double(x.matrix[row, $1]) * Double(table.matrix[entry, $1]) }
            }
            let total = logits.reduce(0) { $0 + exp($1) }
            expected -= log(tokens.reduce(0) { $0 + $1.1 * exp(logits[$1.0]) } / total) / 4
        }
        #expect(abs(Double(loss) - expected) < 1e-5)
    }

    @Test("Gradients of the network") func gradients() {
        let network = network(slots: 3)
        let batch = batch([3, 1, 4, 2])
        let names = [
            "slots.weight", "layers.0.self_attn.v.weight", "layers.0.cross_attn.k.weight", "layers.1.ff.up.weight",
            "layers.1.cross_norm.weight", "output.weight",
        ]
        Check.check(names.compactMap { network.parameters[$0] }, tolerance: 3e-2, step: 4e-3) {
            network.loss(batch, levels(4), inverseTemperature: 3, seed: 1, on: $0)
        }
    }

    @Test("A new network leaves queries as they are; so does one that was reset") func start() {
        let batch = batch([2, 5])
        let fresh = DocidNetwork(
            .init(encoder: "e", width: 8, layerCount: 1, headCount: 2, feedForwardWidth: 12, slotCount: 3), seed: 3)
        let reset = network(slots: 3)
        let changed = Tape()
        #expect(changed.matrix(reset.queries(batch, seed: 0, on: changed)).row(0) != batch.vectors.row(0))
        reset.reset()
        for network in [fresh, reset] {
            let tape = Tape()
            let queries = tape.matrix(network.queries(batch, seed: 0, on: tape))
            for row in 0..<6 {
                for (a, b) in zip(queries.row(row), batch.vectors.row(row / 3)) { #expect(abs(a - b) < 1e-6) }
            }
        }
    }

    @Test("What is written bends queries as what was trained") func inference() throws {
        let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "TransformersTests/Fixtures")
        let encoder = try SentenceEncoder(directory: fixtures.appending(path: "tiny_bert"))
        let d = encoder.dimension
        let configuration = DocidModelConfiguration(
            encoder: "tiny_bert", width: d, layerCount: 2, headCount: encoder.headCount, feedForwardWidth: 3 * d,
            slotCount: 4)
        let network = DocidNetwork(configuration, seed: 1)
        for parameter in network.parameters.parameters where !parameter.name.hasSuffix("norm.weight") {
            Initialization.normal(deviation: 0.3).fill(parameter, seed: 9)
        }
        let folder = try TemporaryFolder()
        try network.write(to: folder.url, as: .float32)
        let model = try DocidModel(directory: folder.url, encoder: encoder)
        #expect(model.configuration == configuration && !model.isUntrained)
        let tokens: [[Int32]] = [[2, 11, 12, 13, 3], [2, 20, 3]]
        let states = tokens.map { encoder.states(tokens: $0) }
        let vectors = states.map { encoder.vector(of: $0) }
        let batch = DocidBatch(
            vectors: Matrix(rows: 2, columns: d, values: vectors.flatMap { $0 }),
            states: Matrix(rows: 8, columns: d, values: states.flatMap(\.values)),
            sources: Sequences(lengths: [5, 3]))
        let tape = Tape()
        tape.recordsGradients = false
        network.dropout = 0.5
        let expected = tape.matrix(network.queries(batch, seed: 0, on: tape))
        for query in 0..<2 {
            let own = model.vectors(of: vectors[query], .init(tokens: tokens[query], states: states[query]))
            #expect(own.rows == 4)
            for slot in 0..<4 {
                for (a, b) in zip(own.row(slot), expected.row(4 * query + slot)) { #expect(abs(a - b) < 1e-4) }
            }
        }
        network.reset()
        try network.write(to: folder.url, as: .float16)
        let untrained = try DocidModel(directory: folder.url, encoder: encoder)
        #expect(untrained.isUntrained)
        #expect(
            Array(untrained.vectors(of: vectors[0], .init(tokens: tokens[0], states: states[0])).row(3)) == vectors[0])
    }

    @Test("Damaged folders and other encoders are refused") func refusals() throws {
        let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "TransformersTests/Fixtures")
        let encoder = try SentenceEncoder(directory: fixtures.appending(path: "tiny_bert"))
        func write(_ encoderName: String, width: Int) throws -> TemporaryFolder {
            let folder = try TemporaryFolder()
            let network = DocidNetwork(
                .init(
                    encoder: encoderName, width: width, layerCount: 1, headCount: 2, feedForwardWidth: 8, slotCount: 2),
                seed: 1)
            try network.write(to: folder.url, as: .float32)
            return folder
        }
        for (name, width) in [("other", encoder.dimension), ("tiny_bert", encoder.dimension + 2)] {
            let folder = try write(name, width: width)
            #expect(throws: ModelError.self) { try DocidModel(directory: folder.url, encoder: encoder) }
        }
        let folder = try write("tiny_bert", width: encoder.dimension)
        let weights = folder.url.appending(path: "model.safetensors")
        let bytes = try Data(contentsOf: weights)
        for length in [0, 7, bytes.count / 2, bytes.count - 1] {
            try bytes.prefix(length).write(to: weights, options: .atomic)
            #expect(throws: ModelError.self) { try DocidModel(directory: folder.url, encoder: encoder) }
        }
        try bytes.write(to: weights, options: .atomic)
        let config = folder.url.appending(path: "config.json")
        let text = try String(contentsOf: config, encoding: .utf8)
        for (from, to) in [
            ("genret-docid", "bert"), ("\"slots\":2", "\"slots\":0"), ("\"slots\":2", "\"slots\":3"), ("{", ""),
        ] {
            #expect(text.contains(from))
            try text.replacingOccurrences(of: from, with: to).write(to: config, atomically: true, encoding: .utf8)
            #expect(throws: ModelError.self) { try DocidModel(directory: folder.url, encoder: encoder) }
        }
    }
}

@Suite struct DocidSequenceNetworkTests {
    @Test("Gradients, and the loss is that of the model that is written", arguments: [false, true])
    func gradients(isPrefixAware: Bool) throws {
        let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "TransformersTests/Fixtures")
        let encoder = try SentenceEncoder(directory: fixtures.appending(path: "tiny_bert"))
        let d = encoder.dimension
        let network = DocidSequenceNetwork(
            .init(
                encoder: "tiny_bert", width: d, layerCount: 1, headCount: encoder.headCount, feedForwardWidth: 2 * d,
                slotCount: 4, vocabularySize: 7, isPrefixAware: isPrefixAware), seed: 1)
        for parameter in network.parameters.parameters where !parameter.name.hasSuffix("norm.weight") {
            Initialization.normal(deviation: 0.3).fill(parameter, seed: 9)
        }
        network.dropout = 0
        let tokens: [[Int32]] = [[2, 11, 12, 13, 3], [2, 20, 3]]
        let states = tokens.map { encoder.states(tokens: $0) }
        let batch = DocidBatch(
            vectors: Matrix(rows: 2, columns: d), states: Matrix(rows: 8, columns: d, values: states.flatMap(\.values)),
            sources: Sequences(lengths: [5, 3]))
        let docids: [[Int32]] = [[3, 0, 6, 1], [5, 2]]
        let names =
            isPrefixAware
            ? ["adaptor.tokens.weight", "adaptor.state.weight", "adaptor.output.weight"]
            : ["tokens.weight", "positions.weight", "output.bias"]
        FiniteDifferences.check(
            names.compactMap { network.parameters[$0] },
            tolerance: 3e-2, step: 4e-3
        ) { network.loss(batch, docids: docids, seed: 0, on: $0) }
        let folder = try TemporaryFolder()
        try network.write(to: folder.url, as: .float32)
        let model = try DocidSequenceModel(directory: folder.url, encoder: encoder)
        var sum: Float = 0
        for (query, docid) in docids.enumerated() {
            let session = model.session(.init(tokens: tokens[query], states: states[query]))
            sum -= session.stepLogProbs(of: docid).reduce(0, +)
        }
        let tape = Tape()
        #expect(abs(tape.number(network.loss(batch, docids: docids, seed: 0, on: tape)) - sum / 6) < 1e-4)
        #expect(throws: ModelError.self) { try DocidModel(directory: folder.url, encoder: encoder) }
    }
}

@Suite("Output weights that depend on the prefix") struct PrefixAdaptorTests {
    private let encoder: SentenceEncoder

    init() throws {
        let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "TransformersTests/Fixtures")
        encoder = try SentenceEncoder(directory: fixtures.appending(path: "tiny_bert"))
    }

    private func network(isPrefixAware: Bool = true) -> DocidSequenceNetwork {
        DocidSequenceNetwork(
            .init(
                encoder: "tiny_bert", width: encoder.dimension, layerCount: 1, headCount: encoder.headCount,
                feedForwardWidth: 2 * encoder.dimension, slotCount: 4, vocabularySize: 7,
                isPrefixAware: isPrefixAware), seed: 1)
    }

    private func written(_ network: DocidSequenceNetwork) throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        try network.write(to: folder.url, as: .float32)
        return folder
    }

    private func source(_ tokens: [Int32]) -> GeneratorModel.Source {
        .init(tokens: tokens, states: encoder.states(tokens: tokens))
    }

    @Test("A new one gives every prefix the same rows; a filled one does not") func start() throws {
        let (new, plain) = (network(), network(isPrefixAware: false))
        let source = source([2, 11, 12, 3])
        func distributions(_ network: DocidSequenceNetwork) throws -> Matrix {
            let folder = try written(network)
            return try DocidSequenceModel(directory: folder.url, encoder: encoder).session(source)
                .distributions(of: [3, 0, 6])
        }
        #expect(try distributions(new) == distributions(plain))
        let output = try #require(new.parameters["adaptor.output.weight"])
        Initialization.normal(deviation: 2).fill(output, seed: 4)
        #expect(try distributions(new).row(2) != distributions(plain).row(2))
    }

    @Test("Beams find what teacher forcing says, each by its own prefix") func steps() throws {
        let network = network()
        for parameter in network.parameters.parameters where !parameter.name.hasSuffix("norm.weight") {
            Initialization.normal(deviation: 0.3).fill(parameter, seed: 9)
        }
        let folder = try written(network)
        let model = try DocidSequenceModel(directory: folder.url, encoder: encoder)
        let docids: [[Int32]] = [[0, 3, 5], [0, 4, 6], [1, 3, 5], [1, 3, 6], [2]]
        let source = source([2, 11, 12, 13, 3])
        let trie = TokenTrie(docids)
        let found = BeamSearch(.init(beams: 5, maximumLength: 3)).run(model.session(source), trie)
            .filter(\.isComplete)
        #expect(found.count == docids.count)
        for item in found {
            let docid = trie[try #require(trie.index(of: item.state))]
            let logProb = model.session(source).stepLogProbs(of: docid).reduce(0, +)
            #expect(abs(logProb - item.logProb) < 1e-4)
        }
    }

    @Test("Damaged files are refused") func damage() throws {
        let folder = try written(network())
        let weights = folder.url.appending(path: "model.safetensors")
        let bytes = try Data(contentsOf: weights)
        for length in [0, bytes.count / 2, bytes.count - 1] {
            try bytes.prefix(length).write(to: weights, options: .atomic)
            #expect(throws: ModelError.self) { try DocidSequenceModel(directory: folder.url, encoder: encoder) }
        }
        // Weights without an adaptor under a configuration that has one.
        let plain = try written(network(isPrefixAware: false))
        try Data(contentsOf: plain.url.appending(path: "model.safetensors")).write(to: weights, options: .atomic)
        #expect(throws: ModelError.self) { try DocidSequenceModel(directory: folder.url, encoder: encoder) }
        try bytes.write(to: weights, options: .atomic)
        let config = folder.url.appending(path: "config.json")
        let text = try String(contentsOf: config, encoding: .utf8)
        for (from, to) in [("\"prefix_aware\":true", "\"prefix_aware\":3"), ("\"vocab_size\":7,", "")] {
            #expect(text.contains(from))
            try text.replacingOccurrences(of: from, with: to).write(to: config, atomically: true, encoding: .utf8)
            #expect(throws: ModelError.self) { try DocidSequenceModel(directory: folder.url, encoder: encoder) }
        }
    }
}
