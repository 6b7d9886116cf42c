import Memory
import Tensors

/// Finds a stack's tensors by their names and packs them.
struct WeightLoader {
    let checkpoint: Checkpoint
    let precision: Precision
    let configuration: StackConfiguration
    let vocabularySize: Int
    let arena: HeapArena

    func stack(_ names: ModelNames.Stack) throws(ModelError) -> StackWeights {
        let d = configuration.width
        let words = try words(names)
        var (positions, relative): (Int?, RelativePositions?) = (nil, nil)
        var divisors: [Float]?
        switch configuration.positions {
        case .learned(let count, _): positions = count
        case .relative(let buckets): relative = buckets
        case .learnedAndRelative(let count, _, let buckets): (positions, relative) = (count, buckets)
        case .rotary(let rotary): divisors = try rotaryDivisors(rotary)
        }
        var layers: [LayerWeights] = []
        for index in 0..<configuration.layerCount { layers.append(try layer(names.layer(index))) }
        return StackWeights(
            words: words,
            positions: try optional(positions, names.positions) { count, name throws(ModelError) in
                try floats(name + ".weight", [count, d])
            },
            segments: try optional(
                configuration.segmentCount > 0 ? configuration.segmentCount : nil, names.segments
            ) { count, name throws(ModelError) in
                try floats(name + ".weight", [count, d])
            },
            embeddingNorm: try optional(
                configuration.hasEmbeddingNorm ? d : nil, names.embeddingNorm
            ) { _, name throws(ModelError) in try norm(name) },
            relativeBias: try optional(relative, names.relativeBias) { relative, name throws(ModelError) in
                try floats(name + ".weight", [relative.buckets, configuration.headCount])
            },
            rotaryDivisors: divisors, layers: layers,
            finalNorm: try optional(
                configuration.hasFinalNorm ? d : nil, names.finalNorm
            ) { _, name throws(ModelError) in try norm(name) })
    }

    /// The word embeddings, which are saved under one of several names.
    func words(_ names: ModelNames.Stack) throws(ModelError) -> FrozenArray<Float> {
        let name = names.words.first { checkpoint.contains($0 + ".weight") } ?? names.words[0]
        return try floats(name + ".weight", [vocabularySize, configuration.width])
    }

    /// GGUF files of Llama 3 hold the divisors of its scaled angles instead of naming the scaling.
    private func rotaryDivisors(_ positions: RotaryPositions) throws(ModelError) -> [Float]? {
        let name = "rope_freqs.weight"
        guard checkpoint.contains(name) else { return nil }
        if case .llama3 = positions.scaling {
            throw .unsupported(
                path: checkpoint.path, reason: "rotary angles are scaled twice: by \(name) and by rope_scaling")
        }
        let divisors = try floats(name, [configuration.headWidth / 2]).toArray()
        guard divisors.allSatisfy({ $0 > 0 }) else {
            throw .malformed(
                path: checkpoint.path, reason: "the tensor \(name) has elements that are not positive")
        }
        return divisors
    }

    private func optional<Part, Value>(
        _ part: Part?, _ name: String?, _ load: (Part, String) throws(ModelError) -> Value
    ) throws(ModelError) -> Value? {
        guard let part, let name else { return nil }
        return try load(part, name)
    }

    func floats(_ name: String, _ shape: [Int]) throws(ModelError) -> FrozenArray<Float> {
        try checkpoint.floats(name, shape: shape)
    }

    func norm(_ name: String) throws(ModelError) -> NormWeights {
        let d = configuration.width
        let hasBias = if case .layer = configuration.norm { true } else { false }
        return NormWeights(
            gain: try floats(name + ".weight", [d]),
            bias: hasBias ? try floats(name + ".bias", [d]) : nil)
    }

    /// Linear layers whose outputs are laid side by side, so that one product computes them all.
    func linear(
        _ parts: [(name: String, outer: Int)], from inner: Int, hasBias: Bool
    ) throws(ModelError) -> Linear {
        var biases: [Float] = []
        var tensors: [FrozenArray<Float>] = []
        for (name, outer) in parts {
            tensors.append(try floats(name + ".weight", [outer, inner]))
            if hasBias { biases += try floats(name + ".bias", [outer]).toArray() }
        }
        let columns = parts.reduce(0) { $0 + $1.outer }
        // One tensor is packed from where it lies.
        let joined =
            tensors.count == 1
            ? tensors[0]
            : FrozenArray(count: columns * inner) { joined in
                var start = 0
                for tensor in tensors {
                    tensor.withUnsafeBuffer { part in
                        _ = UnsafeMutableBufferPointer(rebasing: joined[start..<start + part.count])
                            .update(fromContentsOf: part)
                        start += part.count
                    }
                }
            }
        let weight = joined.withUnsafeBuffer {
            PackedMatrix(transposing: $0, columns: columns, inner: inner, precision: precision, in: arena)
        }
        return Linear(weight: weight, bias: hasBias ? FrozenArray(biases) : nil)
    }

    func layer(_ names: ModelNames.Layer) throws(ModelError) -> LayerWeights {
        let (d, f) = (configuration.width, configuration.feedForwardWidth)
        let (q, k) = (configuration.queryWidth, configuration.keyWidth)
        guard names.up.count == (configuration.isGated ? 2 : 1) else {
            throw .malformed(
                path: checkpoint.path,
                reason: configuration.isGated
                    ? "the feed-forward layers are gated in the configuration, but not in the weights"
                    : "the feed-forward layers are gated in the weights, but not in the configuration")
        }
        let all = configuration.biases == .all
        let attention = names.attention
        var cross: LayerWeights.Cross?
        if let part = names.cross, let crossNorm = names.crossNorm {
            cross = .init(
                query: try linear([(part.query, q)], from: d, hasBias: all),
                keyValue: try linear([(part.key, k), (part.value, k)], from: d, hasBias: all),
                output: try linear([(part.output, d)], from: q, hasBias: all),
                norm: try norm(crossNorm))
        }
        return LayerWeights(
            queryKeyValue: try linear(
                [(attention.query, q), (attention.key, k), (attention.value, k)], from: d,
                hasBias: configuration.biases != .none),
            attentionOutput: try linear([(attention.output, d)], from: q, hasBias: all),
            attentionNorm: try norm(names.attentionNorm), cross: cross,
            up: try linear(names.up.map { ($0, f) }, from: d, hasBias: all),
            down: try linear([(names.down, d)], from: f, hasBias: all),
            feedForwardNorm: try norm(names.feedForwardNorm))
    }
}
