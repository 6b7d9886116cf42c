import Decoding
import Memory
import Transformers

/// Questions that a language model writes of passages, shown two examples before each.
public struct LanguageModelMaker: QueryMaker {
    public let name = "model"
    public let batchSize = 16
    private let language: LanguageModel
    private let ends: [Int32]
    public var temperature: Float = 0.8
    public var topK = 20
    /// The most tokens of a question.
    public var maximumLength = 32
    /// The most words of a passage that the model is shown.
    public var passageWords = 180

    public init(_ language: LanguageModel) {
        self.language = language
        // A question ends with its line.
        let line = language.tokenizer.encode("?\n", addSpecialTokens: false).ids.last
        ends = language.model.configuration.tokens.ends + (line.map { [$0] } ?? [])
    }

    public func make(
        _ passages: [QueryPassage], count: Int, seed: UInt64, threads: Int
    ) throws(IndexingError) -> [[String]] {
        let made = Parallel.map(count: passages.count, threads: threads) { place in
            Result { () throws(ModelError) in try questions(of: passages[place], count, seed) }
        }
        var all: [[String]] = []
        for result in made {
            do { all.append(try result.get()) } catch { throw .generator("\(error)") }
        }
        return all
    }

    private func questions(
        of passage: QueryPassage, _ count: Int, _ seed: UInt64
    ) throws(ModelError) -> [String] {
        let session = try language.model.session([language.tokens(of: prompt(passage))])
        var sampling = Sampling.Options(
            samples: count, maximumLength: maximumLength, ends: ends,
            seed: seed ^ QueryText.stream(passage.document, name))
        sampling.temperature = temperature
        sampling.topK = topK
        sampling.minimumLength = 3
        let rule = Unconstrained(vocabularySize: session.vocabularySize)
        return Sampling(sampling).run(session, rule).compactMap { sample in
            let text = language.text(of: sample.tokens)
            let line = text.split(whereSeparator: \.isNewline).first ?? ""
            return sample.ending == .whole && !line.isEmpty ? QueryText.tidy(line) : nil
        }
    }

    /// The examples are about nothing that a corpus is likely to hold.
    private func prompt(_ passage: QueryPassage) -> String {
        let words = (passage.title.isEmpty ? "" : passage.title + ". ") + passage.text
        let shown = words.split(whereSeparator: \.isWhitespace).prefix(passageWords).joined(separator: " ")
        return """
            Write a short question that the passage answers.

            Passage: The village of Ostrel lost its only bridge in the spring flood. Until the new one \
            was finished two years later, a ferry carried people and carts across the river.
            Question: How did people cross the river in Ostrel after the flood?

            Passage: Marla Venn kept bees on the roof of her bakery. She sold the honey in autumn and \
            sweetened her dark bread with what was left.
            Question: What did Marla Venn use honey for in her bakery?

            Passage: \(shown)
            Question:
            """
    }
}
