import Engine
import Search

/// A retriever of the tests' own: passages whose title holds words of the query. All that a new retriever takes is
/// here.
struct TitleRetriever: IndexRetriever {
    static let id: ComponentID = "title"

    struct Options: ComponentOptions {
        /// Shorter words count for nothing.
        var letters = 3

        func fault(_ limits: SearchLimits) -> OptionFault? {
            letters > 0 ? nil : OptionFault("letters", "above 0")
        }
    }

    private let titles: [Set<String>]
    private let options: Options

    static func open(_ index: IndexReader, _ options: Options) throws -> Opened<TitleRetriever> {
        let titles = try (0..<index.count).map { words(of: try index.passage(PassageIndex($0)).title) }
        return Opened(TitleRetriever(titles: titles, options: options))
    }

    private static func words(of text: String) -> Set<String> {
        Set(text.lowercased().split { !$0.isLetter }.map(String.init))
    }

    func retrieve(_ query: Query, depth: Int) throws -> RankedList {
        let asked = Self.words(of: query.text).filter { $0.count >= options.letters }
        let scores = titles.map { Float($0.intersection(asked).count) }
        let found = TopK.best(depth, of: scores.map { $0 > 0 ? $0 : -.infinity })
        return RankedList(
            id, passages: found, ceiling: Float(max(1, asked.count)), exactScore: { scores[$0.place] },
            evidence: Words(titles: titles, asked: asked), counters: ["titles": Double(found.count)])
    }

    private struct Words: Evidence {
        let titles: [Set<String>]
        let asked: Set<String>

        var name: String { "titleWords" }

        func details(of passages: [PassageIndex]) throws -> [JSONTree?] {
            passages.map { passage in
                let shared = titles[passage.place].intersection(asked).sorted()
                return shared.isEmpty ? nil : .array(shared.map { .string($0) })
            }
        }
    }
}
