import Engine
import Foundation
import Search

/// A reranker of the tests' own: the shorter a passage, the better. All that a new reranker takes is here.
struct BrevityReranker: IndexReranker {
    static let id: ComponentID = "brevity"

    struct Options: ComponentOptions {
        /// Passages of fewer characters are as good as those of so many.
        var least = 1
    }

    static let usualWeight: Float = 0.5

    private let index: IndexReader
    private let options: Options

    static func open(_ index: IndexReader, _ options: Options) throws -> Opened<BrevityReranker> {
        Opened(BrevityReranker(index: index, options: options))
    }

    func scores(of candidates: [PassageIndex], for query: Query) throws -> [Float] {
        try candidates.map { -log2(Float(max(options.least, try index.passage($0).text.count))) }
    }
}
