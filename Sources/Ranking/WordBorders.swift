import FMIndex

/// Which tokens go on with the word before them, so that n-grams can be whole words.
package struct WordBorders: Sendable {
    /// For each token below the index's vocabulary whether it continues a word; empty where none does.
    let continues: [Bool]

    /// - Parameters:
    ///   - bound: every token of the corpus is below it.
    ///   - marks: tokens that are no part of a word.
    ///   - startsWord: whether a word may start with a token.
    package init(bound: Int, marks: Set<Int32>, startsWord: (Int32) -> Bool) {
        let table = (0..<Int32(bound)).map { !marks.contains($0) && !startsWord($0) }
        continues = table.contains(true) ? table : []
    }

    /// Where any token starts a word.
    package static let none = WordBorders(bound: 0, marks: [], startsWord: { _ in true })

    var isEmpty: Bool { continues.isEmpty }

    @inline(__always)
    func isContinuation(_ token: Int32) -> Bool {
        continues.indices.contains(Int(token)) && continues[Int(token)]
    }

    /// Tokens cut into words: a token that continues a word belongs to the one before.
    func words(_ tokens: [Int32]) -> [ArraySlice<Int32>] {
        var words: [ArraySlice<Int32>] = []
        var start = tokens.startIndex
        for place in tokens.indices.dropFirst() where !isContinuation(tokens[place]) {
            words.append(tokens[start..<place])
            start = place
        }
        if start < tokens.endIndex { words.append(tokens[start...]) }
        return words
    }

    /// How often sequences occur in a corpus, and how often a word ends with them there.
    ///
    /// A sequence with more than ``countedRows`` occurrences is taken to be whole in all of them: its
    /// occurrences are too many to look at, and it nominates no passage by itself.
    func counts(of sequences: [[Int32]], in corpus: CorpusCounts) -> (all: [Int], whole: [Int]) {
        let parts = corpus.indexes.map { ($0, 1) } + corpus.deleted.map { ($0, -1) }
        let rows = parts.map { $0.0.rows(of: sequences) }
        let all = sequences.indices.map { place in
            zip(parts, rows).reduce(0) { $0 + $1.0.1 * max(0, $1.1[place].count) }
        }
        guard !isEmpty else { return (all, all) }
        var whole = all
        for place in sequences.indices where all[place] > 0 && all[place] <= Self.countedRows {
            for ((index, sign), rows) in zip(parts, rows) {
                whole[place] -= sign * index.count(of: rows[place], followedBy: continues)
            }
        }
        return (all, whole)
    }

    /// The largest number of occurrences that are looked at one by one.
    static let countedRows = 2048
}

/// The words of a query, to tell a key that cuts one.
struct QueryWordPrefixes {
    private let borders: WordBorders
    private var cut: Set<ArraySlice<Int32>> = []

    init(_ query: [Int32], _ borders: WordBorders) {
        self.borders = borders
        guard !borders.isEmpty else { return }
        let words = borders.words(query)
        for word in words where word.count > 1 {
            for length in 1..<word.count { cut.insert(word.prefix(length)) }
        }
        for word in words { cut.remove(word) }
    }

    /// Whether a sequence ends inside a word of the query, at a place where none of its words ends.
    func endsInside(_ tokens: [Int32]) -> Bool {
        guard !cut.isEmpty, let last = tokens.lastIndex(where: { !borders.isContinuation($0) }) else { return false }
        return cut.contains(tokens[last...])
    }
}
