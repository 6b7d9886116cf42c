import Docids
import Engine
import Memory
import Ranking
import Storage
import Tensors
import Text
import Transformers

/// The sentences of a segment's passages, as docids lead to them. A passage without any is a sentence itself.
struct SegmentSentences: Sendable {
    let owners: EntryPassages
    private let store: PassageStore
    private static let recipe = DocidRecipe()

    /// Passages of so many sentences on average, or fewer, are found by vectors of their own as well.
    private static let worthwhile = 1.2

    /// The most sentences of a segment: their vectors are in memory together while they are coded.
    private static let most = 500_000

    /// Cuts all passages.
    ///
    /// - Returns: nil where docids lead to passages: where those of sentences would be theirs, and where there are too many.
    init?(_ store: PassageStore) throws {
        self.store = store
        let counts = Parallel.map(count: store.passageCount) { place in
            Result { max(1, Self.recipe.sentences(of: try store.texts.passage(place).text).count) }
        }
        var passages: [Int32] = []
        for (place, count) in counts.enumerated() {
            passages += repeatElement(Int32(place), count: try count.get())
        }
        guard passages.count <= Self.most, Double(passages.count) > Self.worthwhile * Double(counts.count),
            let owners = EntryPassages(FrozenArray(passages), passageCount: counts.count)
        else { return nil }
        self.owners = owners
    }

    /// Passages that were cut before.
    init(_ store: PassageStore, _ owners: EntryPassages) { (self.store, self.owners) = (store, owners) }

    /// The tokens of a passage's title and of its sentences; none of one that has no text.
    private func tokens(_ place: Int, _ encoder: SentenceEncoder) -> (title: [Int32], sentences: [[Int32]]) {
        func bare(_ text: some StringProtocol) -> [Int32] {
            let (before, after) = (encoder.tokenizer.tokensBefore, encoder.tokenizer.tokensAfter)
            return encoder.tokenizer.encode(String(text)).ids.dropFirst(before.count).dropLast(after.count)
        }
        guard let (title, text) = try? store.texts.passage(place) else { return ([], []) }
        return (bare(title), Self.recipe.sentences(of: text).map { bare($0) })
    }

    /// What an encoder reads of a passage.
    func windows(_ place: Int, _ passages: PassageTokens) -> [SentenceWindow] {
        let (title, sentences) = tokens(place, passages.encoder)
        return SentenceWindow.windows(
            passages.framed(place), title: title, sentences: sentences, passages.encoder)
    }

    /// Writes the static vectors of a passage's sentences, each read with the title.
    func encode(_ place: Int, _ encoder: SentenceEncoder, _ table: StaticEncoder, into rows: SentenceRows) {
        let (title, sentences) = tokens(place, encoder)
        for (sentence, tokens) in sentences.enumerated() {
            if let row = rows[place, sentence] { table.encode(title + tokens, into: row) }
        }
    }
}

/// The vectors of passages' sentences while they are made, [sentences × dimension], each row written once.
struct SentenceRows: Sendable {
    let owners: EntryPassages
    let rows: SharedRows

    /// A sentence of a passage; nil where it has fewer, as when it was cut otherwise.
    subscript(place: Int, sentence: Int) -> UnsafeMutableBufferPointer<Float>? {
        let own = owners.entries(of: Int32(place))
        return sentence < own.count ? rows[own.lowerBound + sentence] : nil
    }

    /// Mixes the vectors of a passage's sentences with its own, as ``DocidRecipe/interpolation`` says.
    func mix(_ place: Int, with passage: UnsafeMutableBufferPointer<Float>) {
        let share = DocidRecipe().interpolation
        for entry in owners.entries(of: Int32(place)) {
            let row = rows[entry]
            let isEmpty = row.allSatisfy { $0 == 0 }
            for i in row.indices { row[i] = isEmpty ? passage[i] : (1 - share) * passage[i] + share * row[i] }
        }
    }
}
