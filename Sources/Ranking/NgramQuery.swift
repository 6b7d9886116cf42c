/// A query as retrieval by n-grams reads it: its tokens, word by word.
package struct NgramQuery: Sendable {
    package var words: [[Int32]]
    /// The query's word n-grams as tokens, with all their spellings, where they are more than the
    /// words put together (a tokenizer that tells capitals apart); nil otherwise.
    package var phrases: [[Int32]]?
    /// Other forms of each word; empty where none are known.
    package var forms: [[[Int32]]]
    /// Runs of words with no space between, such as "v1.2.3" or "QX-7743/ZZ": a name that punctuation
    /// cuts into words is one name.
    package var runs: [[Int32]]

    package init(
        words: [[Int32]], phrases: [[Int32]]? = nil, forms: [[[Int32]]] = [], runs: [[Int32]] = []
    ) {
        self.words = words
        self.phrases = phrases
        self.forms = forms
        self.runs = runs
    }

    package var tokens: [Int32] { words.flatMap { $0 } }

    /// Every run of up to `limit` words, each once.
    func phrases(upTo limit: Int) -> [[Int32]] {
        var all = phrases ?? []
        if phrases == nil {
            for start in words.indices.prefix(Self.maximumWords) {
                for count in 1...max(1, limit) where start + count <= words.count {
                    all.append(words[start..<start + count].flatMap { $0 })
                }
            }
        }
        var seen: Set<[Int32]> = []
        return all.filter { seen.insert($0).inserted }
    }

    /// Runs start in the first so many words; a longer query is a document.
    private static let maximumWords = 256
}
