import CKernels
import Foundation
import Memory

/// The posting lists of one query with their weights, under one choice of BM25's parameters.
public struct SparseQuery: @unchecked Sendable {
    // Unchecked because of the lists' pointers: `index` keeps the bytes behind them, which never
    // change.
    let index: SparseIndex
    /// In the order of the terms' numbers, in which scores are summed.
    let lists: [ck_posting_list]
    /// For each list, what no posting of it exceeds.
    let bounds: [Float]
    /// tf / (tf + norm) for each pair of the index.
    let shares: [Float]
    /// The bound that no passage's score exceeds: every term of the query at full weight, also
    /// those that no passage holds.
    public let ceiling: Float

    init(_ text: String, index: SparseIndex, parameters: SparseIndex.Parameters) {
        var found: [Int] = []
        var unknown = 0
        index.analyzer.forEachTermBytes(of: text) { term in
            if let number = index.terms.index(ofUTF8: term) { found.append(number) } else { unknown += 1 }
        }
        found.sort()
        let shares = Self.shares(index, parameters)
        // Outside of these ranges the fraction need not rise with tf and fall with the length, and
        // the peaks bound nothing.
        let hasPeaks = parameters.k1 >= 0 && (0...1).contains(parameters.b)
        var lists: [ck_posting_list] = []
        var bounds: [Float] = []
        var ceiling = Float(unknown) * Self.idf(0, of: index.documentCount)
        var next = 0
        while next < found.count {
            let term = found[next]
            let start = next
            while next < found.count, found[next] == term { next += 1 }
            let first = Int(index.offsets[term])
            let count = Int(index.offsets[term + 1]) - first
            let weight = Self.idf(count, of: index.documentCount) * Float(next - start)
            ceiling += weight
            lists.append(
                ck_posting_list(
                    passages: index.passages.unsafeBase + first,
                    codes: UnsafeRawPointer(index.codes.unsafeBase) + first * (index.codesAreWide ? 4 : 2),
                    count: count, weight: weight))
            bounds.append(
                hasPeaks ? weight * index.largestShare(of: term, first..<first + count, shares) : .infinity)
        }
        self.index = index
        self.lists = lists
        self.bounds = bounds
        self.shares = shares
        self.ceiling = ceiling
    }

    /// The BM25 score of one passage, 0 when it holds no term of the query; O(log postings) a term.
    public func score(of passage: Int32) -> Float {
        ck_postings_score(lists, lists.count, index.codesAreWide ? 1 : 0, shares, passage)
    }

    private static func idf(_ documentFrequency: Int, of documentCount: Int) -> Float {
        let df = Float(documentFrequency)
        return log(1 + (Float(documentCount) - df + 0.5) / (df + 0.5))
    }

    private static func shares(_ index: SparseIndex, _ parameters: SparseIndex.Parameters) -> [Float] {
        let base = parameters.k1 * (1 - parameters.b)
        let slope = index.averageLength > 0 ? parameters.k1 * parameters.b / index.averageLength : 0
        let count = index.pairs.count / 2
        return [Float](unsafeUninitializedCapacity: count) { shares, initialized in
            if let output = shares.baseAddress {
                ck_posting_shares(index.pairs.unsafeBase, count, base, slope, output)
            }
            initialized = count
        }
    }
}

extension SparseIndex {
    /// The largest share among a term's postings: from its peaks, or from all when they are few.
    fileprivate func largestShare(of term: Int, _ postings: Range<Int>, _ shares: [Float]) -> Float {
        var largest: Float = 0
        if term < peakOffsets.count - 1 {
            for peak in Int(peakOffsets[term])..<Int(peakOffsets[term + 1]) {
                largest = max(largest, shares[Int(peaks[peak])])
            }
        } else {
            for posting in postings { largest = max(largest, shares[code(posting)]) }
        }
        return largest
    }

    private func code(_ posting: Int) -> Int {
        let base = UnsafeRawPointer(codes.unsafeBase)
        return codesAreWide
            ? Int(base.load(fromByteOffset: posting * 4, as: UInt32.self))
            : Int(base.load(fromByteOffset: posting * 2, as: UInt16.self))
    }
}
