import Foundation

/// Questions whose answer is known: some words of a passage that was chosen at random.
///
/// They need no judge, so that any text can be measured at any size. They favour retrievers by words over those by meaning: every
/// word of a question stands in its passage.
struct KnownItemQuestions {
    /// As many as are made where nobody says how many.
    static let usualCount = 200
    /// Words of a question.
    static let words = 4
    /// Passages with fewer different words to choose from are asked for by none.
    private static let leastWords = 6
    private static let stopwords: Set<String> = [
        "and", "are", "can", "for", "from", "has", "have", "into", "its", "not", "that", "the", "their", "them", "this",
        "use",
        "used", "uses", "using", "was", "which", "will", "with", "you", "your",
    ]

    private struct Chosen {
        let hash: UInt64
        let id: String
        let text: String
    }

    private let count: Int
    private let seed: UInt64
    /// The passages with the lowest hashes so far, and some more.
    private var chosen: [Chosen] = []
    /// Passages with a higher hash are among the chosen no more.
    private var bound = UInt64.max

    init(count: Int?, seed: UInt64) { (self.count, self.seed) = (max(0, count ?? Self.usualCount), seed) }

    /// Considers a passage; amortised O(words + log questions).
    ///
    /// - Parameter name: what would give the passage away; no question has a word of it.
    mutating func offer(id: String, name: String, text: String) {
        guard count > 0 else { return }
        let hash = SeededHash.of(id, seed: seed)
        guard hash <= bound, let question = question(id: id, name: name, text: text) else { return }
        chosen.append(Chosen(hash: hash, id: id, text: question))
        if chosen.count >= 2 * count { trim() }
    }

    /// Writes the questions, in the order of their hashes, and their judgements.
    ///
    /// - Returns: how many there are.
    mutating func write(to folder: URL) throws(CorpusError) -> (questions: Int, judgements: Int) {
        trim()
        var qrels = Qrels()
        var queries: [Query] = []
        for (number, question) in chosen.enumerated() {
            let id = Identifier("known-\(number + 1)")
            queries.append(Query(id: id, text: question.text))
            qrels.set(1, query: id, passage: Identifier(question.id))
        }
        try Queries.write(queries, to: folder.appending(path: "queries.jsonl").path)
        try qrels.write(to: folder.appending(path: "qrels/test.tsv").path)
        return (queries.count, qrels.count)
    }

    private mutating func trim() {
        chosen.sort { ($0.hash, $0.id) < ($1.hash, $1.id) }
        chosen.removeLast(max(0, chosen.count - count))
        if chosen.count == count, let last = chosen.last { bound = last.hash }
    }

    private func question(id: String, name: String, text: String) -> String? {
        let name = name.lowercased()
        var words: [String] = []
        for word in text.lowercased().split(whereSeparator: { !$0.isLetter }).map(String.init)
        where word.count > 2 && !Self.stopwords.contains(word) && !name.contains(word) && !words.contains(word) {
            words.append(word)
        }
        guard words.count >= Self.leastWords else { return nil }
        let order = words.sorted {
            (SeededHash.of("\(id) \($0)", seed: seed), $0) < (SeededHash.of("\(id) \($1)", seed: seed), $1)
        }
        let kept = Set(order.prefix(Self.words))
        return words.filter(kept.contains).joined(separator: " ")
    }
}
