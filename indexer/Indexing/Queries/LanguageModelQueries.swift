import Corpora
import Decoding
import Memory
import Text
import Transformers

/// Questions that a language model writes of passages, shown two examples before each.
package struct LanguageModelQueries: QueryGenerator {
    package let name = "model"
    package let batchSize = 16
    private let language: LanguageModel
    private let ends: [Int32]
    package var temperature: Float = 0.8
    package var topK = 20
    /// The most tokens of a question.
    package var maximumLength = 32
    /// The most words of a passage that the model is shown.
    package var passageWords = 180

    package init(_ language: LanguageModel) {
        self.language = language
        // A question ends with its line.
        let line = language.tokenizer.encode("?\n", addSpecialTokens: false).ids.last
        ends = language.model.configuration.tokens.ends + (line.map { [$0] } ?? [])
    }

    package func make(
        _ passages: [QueryPassage], count: Int, seed: UInt64, threads: Int
    ) throws -> [[String]] {
        let groups = stride(from: 0, to: passages.count, by: Self.together).map {
            Array(passages[$0..<min(passages.count, $0 + Self.together)])
        }
        let made = Parallel.map(count: groups.count, threads: threads) { group in
            Result { () throws(ModelError) in try questions(of: groups[group], count, seed) }
        }
        var all: [[String]] = []
        for result in made {
            all += try result.get()
        }
        return all
    }

    /// Passages of one session, which reads the examples once.
    private static let together = 8

    private func questions(
        of passages: [QueryPassage], _ count: Int, _ seed: UInt64
    ) throws(ModelError) -> [[String]] {
        let examples = language.tokens(of: Self.examples)
        guard language.model.configuration.encoder == nil else {
            // An encoder reads a text as a whole.
            return try passages.map { passage throws(ModelError) in
                let text = language.tokens(of: Self.examples + prompt(passage))
                let session = try language.model.session([text])
                return questions(of: passage, session, session.initialState, count, seed)
            }
        }
        let session = try language.model.session([examples])
        var scores = StepScores()
        session.score([session.initialState], into: &scores)
        return passages.map { passage in
            let tokens = language.tokenizer.encode(prompt(passage), addSpecialTokens: false).ids
            let start = tokens.reduce(session.initialState) { session.advance($0, by: $1) }
            return questions(of: passage, session, start, count, seed)
        }
    }

    private func questions(
        of passage: QueryPassage, _ session: GenerationSession, _ start: DecoderState, _ count: Int,
        _ seed: UInt64
    ) -> [String] {
        var sampling = Sampling.Options(
            samples: count, maximumLength: maximumLength, ends: ends,
            seed: seed ^ QueryText.stream(passage.document, name))
        sampling.temperature = temperature
        sampling.topK = topK
        sampling.minimumLength = 3
        let rule = Unconstrained(vocabularySize: session.vocabularySize)
        return Sampling(sampling).run(session, [(start, rule)])[0].compactMap { sample in
            let text = language.text(of: sample.tokens)
            let line = text.split(whereSeparator: \.isNewline).first ?? ""
            return sample.ending == .whole && !line.isEmpty ? WhiteSpace.collapsed(line) : nil
        }
    }

    /// About nothing that a corpus is likely to hold.
    private static let examples = """
        Write a short question that the passage answers.

        Passage: The village of Ostrel lost its only bridge in the spring flood. Until the new one was \
        finished two years later, a ferry carried people and carts across the river.
        Question: How did people cross the river in Ostrel after the flood?

        Passage: Marla Venn kept bees on the roof of her bakery. She sold the honey in autumn and sweetened \
        her dark bread with what was left.
        Question: What did Marla Venn use honey for in her bakery?

        Passage:
        """

    /// What follows the examples.
    private func prompt(_ passage: QueryPassage) -> String {
        let words = (passage.title.isEmpty ? "" : passage.title + ". ") + passage.text
        let shown = WhiteSpace.words(of: words).prefix(passageWords).joined(separator: " ")
        return " \(shown)\nQuestion:"
    }
}
