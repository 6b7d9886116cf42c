import Foundation
import Memory
import Storage

/// The inverted index of the classic fallback: term → passages with term frequencies, scored by
/// BM25.
///
/// The formula is Lucene's (Robertson's with an idf that is never negative):
/// `ln(1 + (N - df + 0.5) / (df + 0.5)) * tf / (tf + k1 * (1 - b + b * length / averageLength))`,
/// summed over the query's terms, repeated terms counting as often as they occur.
public struct SparseIndex: Sendable {
    /// BM25's two parameters; the defaults are Anserini's.
    public struct Parameters: Sendable, Codable, Equatable {
        public var k1: Float = 0.9
        public var b: Float = 0.4

        public init() {}
    }

    public static let fileKind = "sparse-index"

    public let documentCount: Int
    public let analyzer: TermAnalyzer
    public let averageLength: Float
    let terms: StringTable
    let offsets: FrozenArray<UInt64>
    let documents: FrozenArray<Int32>
    let frequencies: FrozenArray<UInt16>
    let lengths: FrozenArray<UInt32>

    public var termCount: Int { terms.count }

    /// Maps an index file.
    ///
    /// - Throws: ``StorageError`` when the parts are damaged or do not fit together.
    public init(_ container: Container) throws(StorageError) {
        let header = try container.section("bm25.header", of: UInt64.self)
        func damaged(_ what: String) -> StorageError { .damaged(path: container.path, what: what) }
        guard header.count == 4, header[0] <= UInt64(Int32.max) else {
            throw damaged("the header of the sparse index")
        }
        documentCount = Int(header[0])
        var analyzer = TermAnalyzer()
        analyzer.removesStopwords = header[2] & 1 != 0
        analyzer.foldsPlurals = header[2] & 2 != 0
        self.analyzer = analyzer
        averageLength = documentCount == 0 ? 0 : Float(header[1]) / Float(documentCount)
        terms = try StringTable(container, prefix: "bm25.terms")
        offsets = try container.section("bm25.offsets", of: UInt64.self)
        documents = try container.section("bm25.documents", of: Int32.self)
        frequencies = try container.section("bm25.frequencies", of: UInt16.self)
        lengths = try container.section("bm25.lengths", of: UInt32.self)
        let count = documentCount
        let postings = UInt64(documents.count)
        guard offsets.count == terms.count + 1, frequencies.count == documents.count,
            lengths.count == count, offsets[0] == 0, offsets[offsets.count - 1] == postings,
            offsets.indices.dropFirst().allSatisfy({ [offsets] in offsets[$0 - 1] <= offsets[$0] }),
            documents.withUnsafeBuffer({ $0.allSatisfy { $0 >= 0 && $0 < count } })
        else { throw damaged("the postings") }
    }

    /// The number of passages that hold a term.
    public func documentFrequency(of term: String) -> Int {
        guard let index = terms.index(of: term) else { return 0 }
        return Int(offsets[index + 1] - offsets[index])
    }

    /// Adds every passage's BM25 score for the query to `scores`, one entry a passage.
    ///
    /// O(postings of the query's terms).
    ///
    /// - Returns: the bound that no passage's score exceeds: every term of the query at full
    ///   weight, also those that no passage holds.
    @discardableResult
    public func score(_ query: String, _ parameters: Parameters, into scores: inout [Float]) -> Float {
        precondition(scores.count == documentCount)
        var queryTerms: [Int: Int] = [:]
        var unknownTerms = 0
        analyzer.forEachTerm(of: query) { term in
            if let index = terms.index(of: term) {
                queryTerms[index, default: 0] += 1
            } else {
                unknownTerms += 1
            }
        }
        var bound = Float(unknownTerms) * idf(documentFrequency: 0)
        // Rising term index: float sums then do not depend on the dictionary's order.
        for (term, repeats) in queryTerms.sorted(by: { $0.key < $1.key }) {
            let postings = Int(offsets[term])..<Int(offsets[term + 1])
            let weight = idf(documentFrequency: postings.count) * Float(repeats)
            bound += weight
            let base = parameters.k1 * (1 - parameters.b)
            let slope = averageLength > 0 ? parameters.k1 * parameters.b / averageLength : 0
            for posting in postings {
                let document = Int(documents[posting])
                let tf = Float(frequencies[posting])
                scores[document] += weight * tf / (tf + base + slope * Float(lengths[document]))
            }
        }
        return bound
    }

    private func idf(documentFrequency: Int) -> Float {
        let df = Float(documentFrequency)
        return log(1 + (Float(documentCount) - df + 0.5) / (df + 0.5))
    }

    /// The best `k` passages.
    public func search(_ query: String, k: Int, parameters: Parameters = .init()) -> [ScoredDocument] {
        var scores = [Float](repeating: 0, count: documentCount)
        score(query, parameters, into: &scores)
        return TopDocuments.best(k, of: scores, skippingZeros: true)
    }
}
