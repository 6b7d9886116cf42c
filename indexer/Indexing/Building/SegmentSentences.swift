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
    static let most = 500_000

    /// So many passages are looked at before all are cut.
    private static let sample = 10_000

    /// Cuts all passages.
    ///
    /// - Returns: nil where docids lead to passages: where those of sentences would be theirs, and where there are too many.
    init?(_ store: PassageStore) throws {
        self.store = store
        let all = store.passageCount
        // Passages spread evenly tell of a large segment that cutting all is in vain.
        let looked = min(all, Self.sample)
        let some = try Self.counts(store, (0..<looked).map { $0 * all / looked }).reduce(0, +)
        guard Double(some) > Self.worthwhile * Double(looked), some * all / looked <= 2 * Self.most else { return nil }
        let counts = try Self.counts(store, Array(0..<all))
        let total = counts.reduce(0, +)
        guard total <= Self.most, Double(total) > Self.worthwhile * Double(all),
            let owners = EntryPassages(
                FrozenArray(counts.enumerated().flatMap { repeatElement(Int32($0), count: $1) }), passageCount: all)
        else { return nil }
        self.owners = owners
    }

    private static func counts(_ store: PassageStore, _ places: [Int]) throws -> [Int] {
        try Parallel.map(count: places.count) { place in
            Result { max(1, recipe.sentences(of: try store.texts.passage(places[place]).text).count) }
        }.map { try $0.get() }
    }

    /// Passages that were cut before.
    init(_ store: PassageStore, _ owners: EntryPassages) { (self.store, self.owners) = (store, owners) }

    /// The tokens of a passage's title and of its sentences; none of one that has no text.
    private func tokens(_ place: Int, _ encoder: SentenceEncoder) -> (title: [Int32], sentences: [[Int32]]) {
        func bare(_ text: some StringProtocol) -> [Int32] {
            encoder.tokenizer.encode(String(text), addSpecialTokens: false).ids
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

    private static let share = DocidRecipe().interpolation

    /// A sentence of a passage; nil where it has fewer, as when it was cut otherwise.
    subscript(place: Int, sentence: Int) -> UnsafeMutableBufferPointer<Float>? {
        let own = owners.entries(of: Int32(place))
        return sentence < own.count ? rows[own.lowerBound + sentence] : nil
    }

    /// Mixes the vectors of a passage's sentences with its own, as ``DocidRecipe/interpolation`` says.
    func mix(_ place: Int, with passage: UnsafeMutableBufferPointer<Float>) {
        let share = Self.share
        for entry in owners.entries(of: Int32(place)) {
            let row = rows[entry]
            let isEmpty = row.allSatisfy { $0 == 0 }
            for i in row.indices { row[i] = isEmpty ? passage[i] : (1 - share) * passage[i] + share * row[i] }
        }
    }
}
