import Foundation
import Memory
import Search
import Storage

/// The terms of one query with BM25's statistics over all segments of an index: what makes the scores
/// of several segments those of one.
package struct SparseTerms: Sendable {
    struct Term: Sendable {
        /// idf, as often as the term stands in the query.
        var weight: Float
        /// How often that is, or what the query says that the term weighs.
        var share: Float
        var documentFrequency: Int
        /// Where it first stands among the known terms of the query.
        var place: Int
    }

    /// The terms that occur, in the order in which scores are summed, which is the same however the
    /// corpus is cut: the most frequent first, then as in the query.
    let terms: [Term]
    let averageLength: Float
    /// The bound that no passage's score exceeds: every term of the query at full weight, also those
    /// that no passage holds.
    package let ceiling: Float
    /// The number of each known term of the query in each segment, -1 where it does not occur.
    private let numbers: [Int32]
    private let segmentCount: Int
    /// Whether the query said what its terms weigh.
    let areWeighted: Bool

    /// Looks a query's terms up.
    ///
    /// - Parameter deleted: of passages that the segments hold and that do not count.
    /// - Precondition: all segments have the same analyzer.
    package init(_ text: String, in segments: [SparseIndex], without deleted: [SparseIndex] = []) {
        self.init(in: segments, without: deleted, areWeighted: false) { take in
            segments.first?.analyzer.forEachTermBytes(of: text) { take($0, 1) }
        }
    }

    /// Looks terms up that have weights.
    package init(_ terms: WeightedTerms, in segments: [SparseIndex], without deleted: [SparseIndex] = []) {
        self.init(in: segments, without: deleted, areWeighted: true) { take in
            for item in terms.terms {
                var term = item.term
                term.withUTF8 { take($0, item.weight) }
            }
        }
    }

    /// - Parameter visit: calls its argument with each term, as UTF-8, and its weight.
    private init(
        in segments: [SparseIndex], without deleted: [SparseIndex], areWeighted: Bool,
        _ visit: ((UnsafeBufferPointer<UInt8>, Float) -> Void) -> Void
    ) {
        let count = segments.count
        let documents = segments.reduce(0) { $0 + $1.documentCount } - deleted.reduce(0) { $0 + $1.documentCount }
        let length =
            segments.reduce(UInt64(0)) { $0 &+ $1.totalLength }
            &- deleted.reduce(UInt64(0)) { $0 &+ $1.totalLength }
        var numbers: [Int32] = []
        // For each known term the deleted passages that hold it.
        var lost: [Int] = []
        var weights: [Float] = []
        var unknown: Float = 0
        visit { term, weight in
            var isKnown = false
            for segment in segments {
                let number = segment.terms.index(ofUTF8: term)
                numbers.append(Int32(number ?? -1))
                isKnown = isKnown || number != nil
            }
            guard isKnown else {
                numbers.removeLast(count)
                unknown += weight
                return
            }
            weights.append(weight)
            lost.append(
                deleted.reduce(0) { sum, index in
                    sum + (index.terms.index(ofUTF8: term).map(index.documentFrequency(ofNumber:)) ?? 0)
                })
        }
        var terms: [Term] = []
        let order = Self.sorted(numbers, width: count)
        var next = 0
        while next < order.count {
            let start = next
            let row = order[start] * count
            while next < order.count, (0..<count).allSatisfy({ numbers[order[next] * count + $0] == numbers[row + $0] })
            {
                next += 1
            }
            let frequency =
                segments.indices.reduce(0) { sum, segment in
                    let number = Int(numbers[row + segment])
                    return number < 0 ? sum : sum + segments[segment].documentFrequency(ofNumber: number)
                } - lost[order[start]]
            let share = order[start..<next].reduce(Float(0)) { $0 + weights[$1] }
            terms.append(
                Term(
                    weight: Self.idf(frequency, of: documents) * share, share: share,
                    documentFrequency: frequency, place: order[start]))
        }
        terms.sort { ($0.documentFrequency, $1.place) > ($1.documentFrequency, $0.place) }
        self.terms = terms
        self.numbers = numbers
        segmentCount = count
        self.areWeighted = areWeighted
        averageLength = documents == 0 ? 0 : Float(Int64(bitPattern: length)) / Float(documents)
        ceiling = terms.reduce(unknown * Self.idf(0, of: documents)) { $0 + $1.weight }
    }

    /// The number of a term, by its place in ``terms``, in a segment; nil where it does not occur.
    func number(of term: Int, inSegment segment: Int) -> Int? {
        let number = numbers[terms[term].place * segmentCount + segment]
        return number < 0 ? nil : Int(number)
    }

    /// The rows of a table so that equal ones are neighbours, the first of the query first.
    private static func sorted(_ numbers: [Int32], width: Int) -> [Int] {
        guard width > 0 else { return [] }
        return (0..<numbers.count / width).sorted { a, b in
            for column in 0..<width {
                let (left, right) = (numbers[a * width + column], numbers[b * width + column])
                if left != right { return left < right }
            }
            return a < b
        }
    }

    private static func idf(_ documentFrequency: Int, of documentCount: Int) -> Float {
        let df = Float(documentFrequency)
        return log(1 + (Float(documentCount) - df + 0.5) / (df + 0.5))
    }
}
