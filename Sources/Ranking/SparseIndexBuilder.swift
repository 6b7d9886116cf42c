import Memory
import Storage

/// Collects passages and writes the file of a ``SparseIndex``.
///
/// Memory: six bytes a posting, once more while the postings are turned from passage order into
/// term order.
public struct SparseIndexBuilder {
    private let analyzer: TermAnalyzer
    private var termIndex: [String: Int32] = [:]
    private var terms: [String] = []
    private var postingTerms: [Int32] = []
    private var postingFrequencies: [UInt16] = []
    private var postingEnds: [Int] = []
    private var lengths: [UInt32] = []
    // How often each term occurs in the passage at hand; zero between passages.
    private var frequency: [UInt32] = []

    public init(analyzer: TermAnalyzer = TermAnalyzer()) { self.analyzer = analyzer }

    public var documentCount: Int { lengths.count }

    public mutating func add(title: String, text: String) {
        var length: UInt32 = 0
        var seen: [Int32] = []
        for field in [title, text] {
            analyzer.forEachTerm(of: field) { term in
                let index: Int32
                if let known = termIndex[term] {
                    index = known
                } else {
                    index = Int32(terms.count)
                    termIndex[term] = index
                    terms.append(term)
                    frequency.append(0)
                }
                if frequency[Int(index)] == 0 { seen.append(index) }
                frequency[Int(index)] += 1
                length += 1
            }
        }
        for term in seen {
            postingTerms.append(term)
            postingFrequencies.append(UInt16(clamping: frequency[Int(term)]))
            frequency[Int(term)] = 0
        }
        postingEnds.append(postingTerms.count)
        lengths.append(length)
    }

    /// Writes the index file.
    public consuming func write(to path: String) throws(StorageError) {
        let postings = postingTerms.count
        var offsets = [UInt64](repeating: 0, count: terms.count + 1)
        for term in postingTerms { offsets[Int(term) + 1] += 1 }
        for term in terms.indices { offsets[term + 1] += offsets[term] }
        var next = offsets
        var documents = [Int32](repeating: 0, count: postings)
        var frequencies = [UInt16](repeating: 0, count: postings)
        var posting = 0
        for document in lengths.indices {
            while posting < postingEnds[document] {
                let term = Int(postingTerms[posting])
                let place = Int(next[term])
                documents[place] = Int32(document)
                frequencies[place] = postingFrequencies[posting]
                next[term] += 1
                posting += 1
            }
        }
        let flags: UInt64 = (analyzer.removesStopwords ? 1 : 0) | (analyzer.foldsPlurals ? 2 : 0)
        let totalLength = lengths.reduce(UInt64(0)) { $0 + UInt64($1) }
        let writer = try ContainerWriter(path: path, kind: SparseIndex.fileKind)
        try writer.write("bm25.header", [UInt64(lengths.count), totalLength, flags, 0])
        try StringTable.write(terms, to: writer, prefix: "bm25.terms")
        try writer.write("bm25.offsets", offsets)
        try writer.write("bm25.documents", documents)
        try writer.write("bm25.frequencies", frequencies)
        try writer.write("bm25.lengths", lengths)
        try writer.finish()
    }
}
