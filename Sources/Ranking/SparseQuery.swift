import CKernels
import Foundation
import Memory
import Storage

/// The posting lists of one query with their weights, under one choice of BM25's parameters.
package struct SparseQuery: @unchecked Sendable {
    // Unchecked because of the lists' pointers: `index` keeps the bytes behind them, which never
    // change.
    let index: SparseIndex
    /// In the order of ``SparseTerms``, in which scores are summed.
    let lists: [ck_posting_list]
    /// The number of each list's term.
    private let numbers: [Int]
    /// What the query says that each list's term weighs; nil where it says nothing.
    private let termWeights: [Float]?
    /// For each list, what no posting of it exceeds.
    let bounds: [Float]
    /// tf / (tf + norm) for each pair of the index.
    let shares: [Float]
    /// The bound that no passage's score exceeds: every term of the query at full weight, also
    /// those that no passage holds.
    package let ceiling: Float

    /// Prepares the lists of one segment.
    ///
    /// - Parameters:
    ///   - terms: the query in all segments, of which `index` is number `segment`.
    package init(
        _ terms: SparseTerms, segment: Int, of index: SparseIndex, parameters: SparseIndex.Parameters
    ) {
        let shares = Self.shares(index, terms.averageLength, parameters)
        // Outside of these ranges the fraction need not rise with tf and fall with the length, and
        // the impacts bound nothing.
        let isBounded = parameters.k1 >= 0 && (0...1).contains(parameters.b)
        var lists: [ck_posting_list] = []
        var numbers: [Int] = []
        var termWeights: [Float] = []
        var bounds: [Float] = []
        for (place, item) in terms.terms.enumerated() {
            guard let term = terms.number(of: place, inSegment: segment) else { continue }
            numbers.append(term)
            termWeights.append(item.share)
            let first = Int(index.offsets[term])
            let count = Int(index.offsets[term + 1]) - first
            lists.append(
                ck_posting_list(
                    passages: index.passages.unsafeBase + first,
                    codes: UnsafeRawPointer(index.codes.unsafeBase) + first * (index.codesAreWide ? 4 : 2),
                    count: count, weight: item.weight))
            bounds.append(
                isBounded ? item.weight * index.largestShare(of: term, first..<first + count, shares) : .infinity)
        }
        self.index = index
        self.lists = lists
        self.numbers = numbers
        self.termWeights = terms.areWeighted ? termWeights : nil
        self.bounds = bounds
        self.shares = shares
        ceiling = terms.ceiling
    }

    /// The BM25 score of one passage, 0 when it holds no term of the query; O(log postings) a term.
    ///
    /// - Parameter local: the passage's number in the segment.
    package func score(of local: Int32) -> Float {
        ck_postings_score(lists, lists.count, index.codesAreWide ? 1 : 0, shares, local)
    }

    /// The query's terms that a passage holds, the largest contribution first; O(log postings) a term.
    ///
    /// The contributions sum to ``score(of:)``, to rounding.
    package func explain(_ local: Int32) -> [TermPart] {
        lists.indices.compactMap { place -> TermPart? in
            let contribution = ck_postings_score([lists[place]], 1, index.codesAreWide ? 1 : 0, shares, local)
            guard contribution > 0 else { return nil }
            return TermPart(
                term: index.terms[numbers[place]], idf: lists[place].weight, weight: termWeights?[place],
                contribution: contribution)
        }.sorted { $0.contribution != $1.contribution ? $0.contribution > $1.contribution : $0.term < $1.term }
    }

    /// The BM25 score of every passage; O(postings + passages).
    package func scores() -> [Float] {
        var scores = [Float](repeating: 0, count: index.documentCount)
        for list in lists { ck_postings_add(list, index.codesAreWide ? 1 : 0, 0, shares, &scores) }
        return scores
    }

    private static func shares(
        _ index: SparseIndex, _ averageLength: Float, _ parameters: SparseIndex.Parameters
    ) -> [Float] {
        let base = parameters.k1 * (1 - parameters.b)
        let slope = averageLength > 0 ? parameters.k1 * parameters.b / averageLength : 0
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
    /// The largest share among a term's postings: from its impacts, or from all when they are few.
    fileprivate func largestShare(of term: Int, _ postings: Range<Int>, _ shares: [Float]) -> Float {
        var largest: Float = 0
        if term < impactOffsets.count - 1 {
            for impact in Int(impactOffsets[term])..<Int(impactOffsets[term + 1]) {
                largest = max(largest, shares[Int(impacts[impact])])
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
