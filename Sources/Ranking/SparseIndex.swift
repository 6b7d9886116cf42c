import CKernels
import Memory
import Search
import Storage

/// The inverted index of the classic fallback: term → passages, scored by BM25.
///
/// The formula is Lucene's (Robertson's with an idf that is never negative):
/// `ln(1 + (N - df + 0.5) / (df + 0.5)) * tf / (tf + k1 * (1 - b + b * length / averageLength))`,
/// summed over the query's terms, repeated terms counting as often as they occur.
///
/// A posting does not hold tf but the number of its pair of tf and passage length, of which a
/// corpus has few. For given `k1` and `b` a query computes the fraction once for every pair, and a
/// posting costs one look-up in a small table and no division.
///
/// It is one segment's: passages have their numbers there.
package struct SparseIndex: Sendable {
    /// BM25's two parameters; the defaults are Anserini's.
    package struct Parameters: Sendable, Codable, Equatable {
        package var k1: Float = 0.9
        package var b: Float = 0.4

        package init() {}
    }

    package static let fileKind = "sparse-index"

    /// Terms in at least as many passages have their impacts stored; of others they are computed.
    static let impactPostings = 128

    /// No corpus has more terms than passages and lengths of 32 bits allow by far.
    private static let mostTerms: UInt64 = 1 << 48

    /// The most pairs that a code of 16 bits can tell apart.
    static let narrowPairs = 1 << 16

    package let documentCount: Int
    package let analyzer: TermAnalyzer
    /// The number of terms of all passages.
    let totalLength: UInt64
    let terms: StringNumbers
    /// Where each term's postings start.
    let offsets: FrozenArray<UInt64>
    let passages: FrozenArray<Int32>
    /// A pair's number for each posting, in 16 bits or 32.
    let codes: FrozenArray<UInt8>
    let codesAreWide: Bool
    /// tf and length, alternating.
    let pairs: FrozenArray<UInt32>
    /// Where the impacts of each of the most frequent terms start.
    let impactOffsets: FrozenArray<UInt32>
    /// The competitive pairs of a term's postings, those that no other of its pairs has at least the tf and
    /// at most the length of: whatever `k1` and `b` are, the best posting's pair is among them. Lucene
    /// calls them impacts; in the file the sections are "peaks".
    let impacts: FrozenArray<UInt32>

    package var averageLength: Float {
        documentCount == 0 ? 0 : Float(totalLength) / Float(documentCount)
    }

    /// Maps an index file.
    ///
    /// O(file): every number that leads to another place is checked here, so that a query need not.
    ///
    /// - Throws: ``StorageError`` when the parts are damaged or do not fit together.
    package init(_ container: Container) throws(StorageError) {
        func require(_ holds: Bool, _ what: String) throws(StorageError) {
            if !holds { throw .damaged(path: container.path, what: what) }
        }
        let header = try container.section("bm25.header", of: UInt64.self)
        try require(
            (4...5).contains(header.count) && header[0] <= UInt64(Int32.max) && header[1] <= Self.mostTerms,
            "the header of the sparse index")
        documentCount = Int(header[0])
        // Only other languages than English are said, so that a reader from before there were any refuses what it would misread.
        guard let language = header.count == 4 ? .english : TermLanguage(number: header[4]) else {
            throw .damaged(path: container.path, what: "the language of the sparse index")
        }
        var analyzer = TermAnalyzer(language: language)
        analyzer.removesStopwords = header[2] & 1 != 0
        analyzer.foldsPlurals = header[2] & 2 != 0
        self.analyzer = analyzer
        totalLength = header[1]
        terms = try StringNumbers(container, prefix: "bm25.terms")
        offsets = try container.section("bm25.offsets", of: UInt64.self)
        passages = try container.section("bm25.passages", of: Int32.self)
        pairs = try container.section("bm25.pairs", of: UInt32.self)
        codes = try container.bytes("bm25.codes")
        impactOffsets = try container.section("bm25.peaks.offsets", of: UInt32.self)
        impacts = try container.section("bm25.peaks", of: UInt32.self)
        let pairCount = pairs.count / 2
        codesAreWide = pairCount > Self.narrowPairs

        try require(
            offsets.count == terms.count + 1 && offsets.isRising(to: UInt64(passages.count)),
            "the places of the postings")
        try require(
            passages.riseInLists(offsets, below: UInt32(documentCount)), "the passages of the postings")
        try require(
            pairs.count % 2 == 0 && stride(from: 0, to: pairs.count, by: 2).allSatisfy { [pairs] in pairs[$0] > 0 },
            "the pairs of frequency and length")
        try require(
            codes.count == passages.count * (codesAreWide ? 4 : 2)
                && codes.codesAreBelow(pairCount, wide: codesAreWide), "the codes of the postings")
        try require(
            (1...terms.count + 1).contains(impactOffsets.count)
                && impactOffsets.isRising(to: UInt32(clamping: impacts.count))
                && impacts.withUnsafeBuffer { $0.allSatisfy { $0 < pairCount } }, "the impacts of the terms")
    }

    /// The number of passages that hold a term.
    package func documentFrequency(of term: String) -> Int {
        terms.index(of: term).map(documentFrequency(ofNumber:)) ?? 0
    }

    /// The number of passages that hold the term of a number.
    func documentFrequency(ofNumber number: Int) -> Int { Int(offsets[number + 1] - offsets[number]) }

    /// A query, ready to be scored: O(its bytes + the index's pairs).
    package func query(_ text: String, _ parameters: Parameters = .init()) -> SparseQuery {
        SparseQuery(SparseTerms(text, in: [self]), segment: 0, of: self, parameters: parameters)
    }

    /// The best `k` passages.
    package func search(_ query: String, k: Int, parameters: Parameters = .init()) -> [Scored<Int32>] {
        self.query(query, parameters).best(k)
    }
}

extension FrozenArray where Element: UnsignedInteger {
    /// Whether the elements go from 0 to `end` without ever falling.
    fileprivate func isRising(to end: Element) -> Bool {
        withUnsafeBuffer { elements in
            guard elements.first == 0, elements.last == end else { return false }
            return zip(elements, elements.dropFirst()).allSatisfy { $0 <= $1 }
        }
    }
}

extension FrozenArray<Int32> {
    /// Whether all passages are below `limit` and rise between each two offsets, which are sound.
    fileprivate func riseInLists(_ offsets: FrozenArray<UInt64>, below limit: UInt32) -> Bool {
        var falls = 0
        guard ck_postings_check(unsafeBase, count, limit, &falls) != 0 else { return false }
        // The passages may fall where a list ends, and nowhere else.
        var allowed = 0
        var previous: UInt64 = 0
        for offset in offsets.toArray() where offset > previous {
            if offset < UInt64(count), self[Int(offset)] <= self[Int(offset) - 1] { allowed += 1 }
            previous = offset
        }
        return falls == allowed
    }
}

extension FrozenArray<UInt8> {
    fileprivate func codesAreBelow(_ limit: Int, wide: Bool) -> Bool {
        let count = count / (wide ? 4 : 2)
        return count == 0 || Int(ck_codes_largest(unsafeBase, wide ? 1 : 0, count)) < limit
    }
}
