import Storage

extension GeneratorConfiguration {
    /// What a new generator is made of; the standard is the smallest that is worth training on
    /// all-MiniLM-L6-v2. Heads must divide the width.
    public init(
        encoder: String = "all-MiniLM-L6-v2", width: Int = 384, layerCount: Int = 4,
        headCount: Int = 12, feedForwardWidth: Int = 1536, maximumLength: Int = 32,
        epsilon: Float = 1e-5, vocabularySize: Int = 30522,
        tasks: [String] = ["body", "title", "question"]
    ) {
        precondition(width % headCount == 0, "heads must divide the width")
        precondition(!tasks.isEmpty && Set(tasks).count == tasks.count, "tasks must be different names")
        self.encoder = encoder
        self.vocabularySize = vocabularySize
        self.tasks = tasks
        interacts = false
        stack = .generator(
            layerCount: layerCount, width: width, headCount: headCount,
            feedForwardWidth: feedForwardWidth, epsilon: epsilon, positions: maximumLength)
    }

    /// h
    public var headCount: Int { stack.headCount }
    /// The width between the two feed-forward products.
    public var feedForwardWidth: Int { stack.feedForwardWidth }
    /// What norms add to the variance.
    public var epsilon: Float {
        if case .layer(let epsilon) = stack.norm { epsilon } else { 0 }
    }

    /// The members of `config.json`.
    public var json: JSONValue {
        .object([
            .init("model_type", .string(Self.type)), .init("encoder", .string(encoder)),
            .init("hidden_size", .number(Double(width))),
            .init("num_layers", .number(Double(layerCount))),
            .init("num_heads", .number(Double(headCount))),
            .init("intermediate_size", .number(Double(feedForwardWidth))),
            .init("max_positions", .number(Double(maximumLength))),
            // By way of its shortest text, 1e-05 and not the double next to it.
            .init("layer_norm_eps", .number(Double("\(epsilon)") ?? Double(epsilon))),
            .init("vocab_size", .number(Double(vocabularySize))),
            .init("tasks", .array(tasks.map { .string($0) })),
        ] + (interacts ? [.init("late_interaction", .bool(true))] : []))
    }
}

extension StackConfiguration {
    /// A generator's layers.
    static func generator(
        layerCount: Int, width: Int, headCount: Int, feedForwardWidth: Int, epsilon: Float, positions: Int
    ) -> StackConfiguration {
        let headWidth = width / headCount
        return StackConfiguration(
            layerCount: layerCount, width: width, headCount: headCount, keyHeadCount: headCount,
            headWidth: headWidth, feedForwardWidth: feedForwardWidth, norm: .layer(epsilon: epsilon),
            placement: .before, activation: .gelu, isGated: false,
            positions: .learned(count: positions, offset: 0), biases: .all,
            attentionScale: 1 / Float(headWidth).squareRoot(), hasFinalNorm: true,
            hasCrossAttention: true, maximumLength: positions)
    }
}
