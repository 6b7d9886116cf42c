import Genret

/// Prefers passages that hold the longest run of the query's words as it stands: all that a reranker takes.
struct PhraseReranker: IndexReranker {
    // Its name in weights and explanations.
    static let id: ComponentID = "phrase"

    // It has nothing to set.
    typealias Options = NoOptions

    // What it weighs where neither the search nor an estimate says.
    static let usualWeight: Float = 0.1

    private let index: IndexReader

    static func open(_ index: IndexReader, _ options: NoOptions) throws -> Opened<PhraseReranker> {
        Opened(PhraseReranker(index: index))
    }

    // A score for each candidate, in their order. Only differences count: the best keeps the fusion's score.
    func scores(of candidates: [PassageIndex], for query: Query) throws -> [Float] {
        let asked = Self.words(query.text)
        return try candidates.map { Float(Self.longestRun(of: asked, in: Self.words(try index.passage($0).text))) }
    }

    /// - Complexity: O(words of the query × words of the passage).
    private static func longestRun(of asked: [Substring], in words: [Substring]) -> Int {
        var longest = 0
        // The lengths of the runs that end at each word of the query and at the passage's word before.
        var runs = [Int](repeating: 0, count: asked.count + 1)
        for word in words {
            for place in asked.indices.reversed() { runs[place + 1] = asked[place] == word ? runs[place] + 1 : 0 }
            longest = max(longest, runs.max() ?? 0)
        }
        return longest
    }

    private static func words(_ text: String) -> [Substring] {
        text.lowercased().split { !$0.isLetter && !$0.isNumber }
    }
}
