import Memory
import Storage

/// Collects passages; its ``write(to:)`` makes the file of a ``SparseIndex``.
///
/// Memory: eight bytes a posting, and four more at a time while the postings are turned from
/// passage order into term order.
package struct SparseIndexBuilder {
    let analyzer: TermAnalyzer
    var terms = TermNumbers()
    // The postings, passage after passage.
    var postingTerms: [UInt32] = []
    var postingCodes: [UInt32] = []
    var postingEnds: [Int] = []
    var totalLength: UInt64 = 0
    /// tf and length, alternating, in the order of the codes.
    var pairs: [UInt32] = []
    private var pairCodes: [UInt64: UInt32] = [:]
    /// How many passages hold each term.
    var documentFrequencies: [UInt32] = []
    // How often each term occurs in the passage at hand; zero between passages.
    private var frequency: [UInt32] = []

    package init(analyzer: TermAnalyzer = TermAnalyzer()) { self.analyzer = analyzer }

    package var documentCount: Int { postingEnds.count }

    /// What writing the index will take at its peak, all that has been collected included: twelve bytes
    /// a posting, the terms, and as good as again what the table of terms takes while it is made.
    package var peakByteCount: Int {
        12 * postingTerms.count + 8 * postingEnds.count + 40 * pairs.count + 3 * terms.byteCount
            + 40 * terms.count
    }

    package mutating func add(title: String, text: String) {
        let start = postingTerms.count
        var length: UInt32 = 0
        func count(_ term: UnsafeBufferPointer<UInt8>) {
            let number = terms.number(of: term)
            if number == frequency.count {
                frequency.append(0)
                documentFrequencies.append(0)
            }
            if frequency[number] == 0 { postingTerms.append(UInt32(number)) }
            frequency[number] += 1
            length += 1
        }
        analyzer.forEachTermBytes(of: title) { count($0) }
        analyzer.forEachTermBytes(of: text) { count($0) }
        // Most terms occur once, and their pair is looked up once a passage.
        var codeOfOnce: UInt32?
        for posting in start..<postingTerms.count {
            let term = Int(postingTerms[posting])
            let tf = frequency[term]
            frequency[term] = 0
            documentFrequencies[term] += 1
            if tf == 1, let codeOfOnce {
                postingCodes.append(codeOfOnce)
            } else {
                let code = code(tf: tf, length: length)
                if tf == 1 { codeOfOnce = code }
                postingCodes.append(code)
            }
        }
        postingEnds.append(postingTerms.count)
        totalLength += UInt64(length)
    }

    private mutating func code(tf: UInt32, length: UInt32) -> UInt32 {
        let key = UInt64(length) << 32 | UInt64(tf)
        if let code = pairCodes[key] { return code }
        let code = UInt32(pairs.count / 2)
        pairCodes[key] = code
        pairs.append(tf)
        pairs.append(length)
        return code
    }
}
