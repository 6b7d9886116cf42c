import Storage

extension GeneratorConfiguration {
    /// What a new generator is made of; the standard is the smallest that is worth training on
    /// all-MiniLM-L6-v2. Heads must divide the width.
    package init(
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
        stack = .decoder(
            layerCount: layerCount, width: width, headCount: headCount,
            feedForwardWidth: feedForwardWidth, epsilon: epsilon, positions: maximumLength)
    }

    /// h
    package var headCount: Int { stack.headCount }
    /// The width between the two feed-forward products.
    package var feedForwardWidth: Int { stack.feedForwardWidth }
    /// What norms add to the variance.
    package var epsilon: Float { stack.epsilon }

    /// The members of `config.json`.
    package var json: JSONValue {
        .object(
            [
                .init("model_type", .string(Self.type)), .init("encoder", .string(encoder)),
            ] + stack.decoderMembers + [
                .init("max_positions", .number(Double(maximumLength))),
                .init("vocab_size", .number(Double(vocabularySize))),
                .init("tasks", .array(tasks.map { .string($0) })),
            ] + (interacts ? [.init("late_interaction", .bool(true))] : []))
    }
}
