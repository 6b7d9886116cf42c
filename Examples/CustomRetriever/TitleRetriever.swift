import Genret

/// Finds the passages whose titles hold words of the query: all that a retriever takes.
struct TitleRetriever: IndexRetriever {
    // Its name in options, weights and explanations.
    static let id: ComponentID = "title"

    // What a search may say of it, `options[TitleRetriever.self].letters = 4`, also as JSON.
    struct Options: ComponentOptions {
        /// Shorter words count for nothing.
        var letters = 3
    }

    private let titles: [Set<String>]
    private let options: Options

    // Called once for an index and its options. What takes long to make belongs into a `LoadedOnce`, which is kept
    // with the index whatever the options are.
    static func open(_ index: IndexReader, _ options: Options) throws -> Opened<TitleRetriever> {
        Opened(TitleRetriever(titles: try index.value(TitleWords.self).ofPassages, options: options))
    }

    func retrieve(_ query: Query, depth: Int) throws -> RankedList {
        let asked = TitleWords.of(query.text).filter { $0.count >= options.letters }
        let scores = titles.map { Float($0.intersection(asked).count) }
        // The ceiling makes scores of different retrievers comparable: no title can have more. An exact score for
        // every passage lets the fusion compare what others found by it too.
        return RankedList(
            id, passages: TopK.best(depth, of: scores.map { $0 > 0 ? $0 : -.infinity }),
            ceiling: Float(max(1, asked.count)), exactScore: { scores[$0.place] })
    }
}

/// The words of all titles of an index.
struct TitleWords: LoadedOnce {
    let ofPassages: [Set<String>]

    init(loading index: IndexReader) throws {
        ofPassages = try (0..<index.count).map { Self.of(try index.passage(PassageIndex($0)).title) }
    }

    static func of(_ text: String) -> Set<String> {
        Set(text.lowercased().split { !$0.isLetter }.map(String.init))
    }
}
