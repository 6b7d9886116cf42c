import Memory

/// Which rows of an index belong to the passages of a set: what deletions and filters leave of it.
public struct PassingRows: Sendable {
    public let passages: PlaceSet
    /// The rows themselves, where the passages are few.
    let few: FewRows?
    /// No more rows than this belong to other passages.
    private let others: Int

    /// Whether the passages of a set are so few that collecting all of their rows costs less than looking for one of
    /// them at every step of a search.
    ///
    /// - Parameters:
    ///   - tokens: of the passages.
    ///   - all: the tokens of the corpus.
    public static func areFew(tokens: Int, of all: Int) -> Bool { Double(tokens) <= 64 * Double(all).squareRoot() }

    /// - Parameter areFew: collects the rows.
    /// - Precondition: the set is of the index's passages.
    /// - Complexity: O(passages), and O(their tokens) where they are few.
    public init(_ passages: PlaceSet, in index: FMIndex, areFew: Bool = false) {
        self.passages = passages
        others = index.tokenCount - index.tokenCount(of: passages) + 2
        few = areFew ? FewRows(passages, in: index) : nil
    }

    /// Whether one of some rows belongs to a passage of the set: a look-up where they are few, else reads rows until one
    /// does.
    @inline(__always)
    func contain(_ rows: FMIndex.Rows, of index: FMIndex) -> Bool {
        if let few { return !few.places(of: rows).isEmpty }
        return rows.count > others || search(rows, index)
    }

    private func search(_ rows: FMIndex.Rows, _ index: FMIndex) -> Bool {
        guard !rows.isEmpty else { return false }
        for row in rows.low..<rows.high {
            if let document = index.document(row: row), passages.contains(document) { return true }
        }
        return false
    }

    /// How many of some rows belong to passages of the set; nil where that would be slow to tell.
    @inline(__always)
    public func count(in rows: FMIndex.Rows) -> Int? { few?.places(of: rows).count }

    /// Visits the passage of every row that belongs to the set, in order.
    @inline(__always)
    public func forEachDocument(of rows: FMIndex.Rows, in index: FMIndex, _ visit: (Int) -> Void) {
        if let few {
            for place in few.places(of: rows) { visit(Int(few.documents[place])) }
        } else {
            index.forEachDocument(of: rows) { if passages.contains($0) { visit($0) } }
        }
    }
}

/// All rows of a few passages.
struct FewRows: Sendable {
    /// Rising.
    let rows: [UInt64]
    /// The passage of each.
    let documents: [UInt32]
    /// The codes of the passages' tokens, rising.
    let codes: [Int]
    /// Of their first tokens: what may follow the document end before them.
    let firstCodes: [Int]

    init(_ passages: PlaceSet, in index: FMIndex) {
        var found: [(row: UInt64, document: UInt32)] = []
        var (codes, firstCodes): (Set<Int>, Set<Int>) = ([], [])
        index.walk(passages.toArray()) { document, place, code, row in
            codes.insert(code)
            if place == 0 { firstCodes.insert(code) }
            found.append((UInt64(row), UInt32(document)))
        }
        found.sort { $0.row < $1.row }
        self.codes = codes.sorted()
        rows = found.map(\.row)
        documents = found.map(\.document)
        self.firstCodes = firstCodes.sorted()
    }

    /// The places in ``rows`` of those that belong to a range.
    @inline(__always)
    func places(of range: FMIndex.Rows) -> Range<Int> {
        guard !range.isEmpty else { return 0..<0 }
        let low = firstPlace(from: UInt64(range.low))
        guard low < rows.count, rows[low] < UInt64(range.high) else { return low..<low }
        return low..<firstPlace(from: UInt64(range.high))
    }

    @inline(__always)
    private func firstPlace(from row: UInt64) -> Int {
        rows.withUnsafeBufferPointer { rows in
            var (low, count) = (0, rows.count)
            while count > 0 {
                let half = count / 2
                if rows[low + half] < row { (low, count) = (low + half + 1, count - half - 1) } else { count = half }
            }
            return low
        }
    }
}

extension FMIndex {
    /// The tokens of some passages, their document ends included.
    ///
    /// - Precondition: the set is of the index's passages.
    /// - Complexity: O(passages).
    public func tokenCount(of passages: PlaceSet) -> Int {
        precondition(passages.capacity == documentCount, "a set of another index's passages")
        var tokens = 0
        passages.forEach { tokens += length(of: $0) }
        return tokens
    }

    /// Whether a passage of a set holds the sequence of `rows`.
    ///
    /// - Complexity: O(rows) at worst; where every other passage is in the set, some two rows; O(log tokens) where the
    ///   set is small.
    public func holds(_ rows: Rows, in passing: PassingRows?) -> Bool {
        passing.map { $0.contain(rows, of: self) } ?? !rows.isEmpty
    }
}
