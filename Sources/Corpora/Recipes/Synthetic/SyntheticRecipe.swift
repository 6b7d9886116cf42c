import Foundation
import Memory

/// Made-up passages of made-up words, of the length and with the frequencies of web passages: as many as somebody wants to measure
/// speed and size with. They mean nothing, so that only words can find them.
enum SyntheticRecipe: CorpusRecipe {
    static let name = "synthetic"
    static let summary = "made-up passages of about 44 words, any number of them, with known-item questions"
    static let takesFiles = false

    private static let usualCount = 100_000
    private static let vocabulary = 32_000
    /// Some 70 tokens of an encoder, as MS MARCO's passages have.
    private static let words = 44.0
    /// Passages that share a random sequence.
    private static let block = 1_024
    /// Blocks in memory at a time.
    private static let batch = 32

    static func make(_ request: CorpusRequest) throws(CorpusError) -> CorpusRecipeReport {
        let count = request.limit ?? usualCount
        guard count >= 1 else { throw .option("the limit is \(count) passages, expected 1 or more") }
        let text = ZipfText(mean: words + 1, alphabet: vocabulary, seed: request.seed)
        // What is frequent is short, as in any language (Zipf 1935): most words are one piece of an encoder's vocabulary.
        let spelled = text.words(spelling: word)
        var corpus = try CorpusWriter(path: request.folder.appending(path: "corpus.jsonl").path)
        var questions = KnownItemQuestions(count: request.questions, seed: request.seed)
        let blocks = (count + block - 1) / block
        for first in stride(from: 0, to: blocks, by: batch) {
            let made: [[Passage]] = Parallel.map(count: min(batch, blocks - first), threads: Parallel.cores) { place in
                passages(first + place, of: count, text, spelled, seed: request.seed)
            }
            for passage in made.joined() {
                try corpus.write(passage)
                questions.offer(id: passage.id, name: "", text: passage.text)
            }
        }
        try corpus.finish()
        let (asked, judgements) = try questions.write(to: request.folder)
        return CorpusRecipeReport(
            passages: count, questions: asked, judgements: judgements,
            notes: ["the passages mean nothing: what finds by meaning finds none of them by it"])
    }

    /// A block depends on its number only, not on the thread that makes it.
    private static func passages(
        _ number: Int, of count: Int, _ text: ZipfText, _ spelled: [String], seed: UInt64
    ) -> [Passage] {
        var random = SeededGenerator(seed: seed, stream: UInt64(number) + 1)
        return (number * block..<min(count, (number + 1) * block)).map { passage in
            var tokens: [Int32] = []
            text.appendPassage(to: &tokens, random: &random)
            let words = tokens.dropLast().map { spelled[Int($0)] }
            return Passage(id: "s\(passage)", text: words.joined(separator: " ") + ".")
        }
    }

    /// A word that can be spoken for every number, and another for each; short ones first.
    ///
    /// A syllable begins with one consonant and ends with one or none, so that a word falls into syllables in one way only.
    private static func word(_ number: Int) -> String {
        let onsets = Array("bcdfghjklmnpqrstvwxyz")
        let vowels = Array("aeiou")
        let codas = ["", "n", "r", "t", "l", "s", "m", "d", "p", "g", "k", "b"]
        let syllables = onsets.count * vowels.count * codas.count
        func syllable(_ number: Int) -> String {
            let (rest, onset) = (number / onsets.count, number % onsets.count)
            return "\(onsets[onset])\(vowels[rest % vowels.count])\(codas[rest / vowels.count])"
        }
        guard number >= syllables else { return syllable(number) }
        let rest = number - syllables
        return word(rest / syllables) + syllable(rest % syllables)
    }
}
