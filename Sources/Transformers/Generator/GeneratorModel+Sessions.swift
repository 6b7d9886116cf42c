import Decoding
import Tensors
import Text

extension GeneratorModel {
    /// A text as the generator reads it.
    package struct Source: Sendable {
        /// The encoder's tokens, its special ones included.
        package var tokens: [Int32]
        /// The encoder's last states of them, [tokens × d].
        package var states: Matrix

        package init(tokens: [Int32], states: Matrix) {
            self.tokens = tokens
            self.states = states
        }
    }

    /// A source from a text's tokens, specials included, cut to what the encoder reads.
    package func source(tokens: [Int32]) -> Source { sources(tokens: [tokens])[0] }

    /// The same for several texts, which are encoded as one batch.
    package func sources(tokens: [[Int32]]) -> [Source] {
        let texts = tokens.map { Array($0.prefix(encoder.maxTokens)) }
        return zip(texts, encoder.states(tokens: texts)).map { Source(tokens: $0, states: $1) }
    }

    /// A session that decodes sources together, each for several tasks.
    ///
    /// The keys and values of a source are computed once and shared by its tasks. Task `j` of source `i`
    /// is the session's source `i * tasks.count + j`.
    ///
    /// - Parameters:
    ///   - sources: at least one; each has a state for every token.
    ///   - tasks: numbers of tasks; see ``task(_:)``.
    /// - Complexity: a product of all states with each layer's keys and values.
    package func session(
        _ sources: [Source], tasks: [Int], team: ThreadTeam = ThreadTeam(threads: 1)
    ) -> GenerationSession {
        precondition(!sources.isEmpty && !tasks.isEmpty, "there is nothing to generate")
        precondition(tasks.allSatisfy(configuration.tasks.indices.contains), "there is no such task")
        precondition(
            sources.allSatisfy {
                !$0.tokens.isEmpty && $0.states.rows == $0.tokens.count
                    && $0.states.columns == configuration.width
            }, "a source has no states, or others than its tokens'")
        let products = ProductScratch(team: team)
        let d = configuration.width
        let lengths = sources.map(\.tokens.count)
        let rows = ScratchBuffer(count: lengths.reduce(0, +) * d)
        return withExtendedLifetime(rows) {
            var row = rows.base
            var copies: [CopyMixture.Source] = []
            for source in sources {
                source.states.withUnsafeBuffer { states in
                    if let base = states.baseAddress { row.update(from: base, count: states.count) }
                }
                copies.append(
                    CopyMixture.Source(
                        tokens: source.tokens, states: row, mixture, products,
                        isSpecial: encoder.tokenizer.isSpecial))
                row += source.tokens.count * d
            }
            let scratch = decoder.scratches.take(products)
            defer { decoder.scratches.giveBack(scratch) }
            let memories = decoder.memories(of: rows.base, lengths: lengths, scratch)
            func each<Part>(_ parts: [Part]) -> [Part] { parts.flatMap { Array(repeating: $0, count: tasks.count) } }
            // The first step reads the task's vector, which stands behind the vocabulary.
            let starts = tasks.map { [Int32(configuration.vocabularySize + $0)] }
            return GenerationSession(
                decoder, CopyMixture(weights: mixture, sources: each(copies)), memories: each(memories),
                prompts: sources.flatMap { _ in starts }, products)
        }
    }
}
