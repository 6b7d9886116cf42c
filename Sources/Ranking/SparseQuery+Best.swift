import CKernels
import Memory
import Search

extension SparseQuery {
    /// The best `k` passages of the segment, by their numbers there: score falling, then number rising.
    /// Passages that score 0 are left out.
    ///
    /// At most O(postings + passages), and much less where the terms differ in weight, or few passages pass.
    ///
    /// - Parameter passing: the passages that may be found; nil where all may.
    package func best(_ k: Int, passing: PlaceSet? = nil) -> [Scored<Int32>] {
        guard k > 0, !lists.isEmpty else { return [] }
        if let passing, passing.count * lists.count * PostingScan.lookupCost < postingCount {
            return bestByLookup(k, passing)
        }
        var scan = PostingScan(self, k: k, passing: passing)
        scan.run()
        return scan.top.sorted()
    }

    private var postingCount: Int { lists.reduce(0) { $0 + $1.count } }

    /// Looks every passage up: for a set that is much smaller than the posting lists.
    private func bestByLookup(_ k: Int, _ passing: PlaceSet) -> [Scored<Int32>] {
        var top = TopK<Int32>(capacity: k)
        passing.forEach { local in
            let score = score(of: Int32(local))
            if score > 0 { top.offer(Int32(local), score: score) }
        }
        return top.sorted()
    }
}

/// Walks posting lists window by window of passages and keeps the best.
///
/// The scores of a window are summed in an array that stays in a near cache. From the second
/// window on there is a score to beat, and lists whose bounds together do not reach it cannot
/// bring a passage in by themselves (MaxScore: Turtle, Flood 1995). They are not walked: only
/// the passages that the other lists leave promising are looked up in them.
private struct PostingScan: ~Copyable {
    /// Passages a window: 64 KiB of scores.
    private static let window = 1 << 14
    /// How many postings could be added in the time of one look-up in a list.
    static let lookupCost = 16
    /// Sums in another order differ in their last bits, by less than this share.
    private let tolerance: Float

    var top: TopK<Int32>
    private let query: SparseQuery
    private let passing: PlaceSet?
    private let wide: Int32
    /// What is left of each list, from the window's start on.
    private var rest: [ck_posting_list]
    /// The part of each list in the window.
    private var part: [ck_posting_list]
    /// The lists by rising bound.
    private let order: [Int]
    /// Whether a list is walked in the window.
    private var isWalked: [Bool]
    private let size: Int
    private let scores: UnsafeMutablePointer<Float>
    private let places: UnsafeMutablePointer<UInt32>
    private let values: UnsafeMutablePointer<Float>

    init(_ query: SparseQuery, k: Int, passing: PlaceSet?) {
        top = TopK(capacity: k)
        self.query = query
        self.passing = passing
        wide = query.index.codesAreWide ? 1 : 0
        rest = query.lists
        part = query.lists
        order = query.lists.indices.sorted { query.bounds[$0] < query.bounds[$1] }
        isWalked = query.lists.map { _ in true }
        tolerance = 4 * Float(query.lists.count + 2) * .ulpOfOne
        size = min(Self.window, query.index.documentCount)
        scores = .allocate(capacity: size)
        scores.initialize(repeating: 0, count: size)
        places = .allocate(capacity: size)
        values = .allocate(capacity: size)
    }

    deinit {
        scores.deallocate()
        places.deallocate()
        values.deallocate()
    }

    mutating func run() {
        var first = 0
        while first < query.index.documentCount {
            let end = min(first + size, query.index.documentCount)
            cut(before: Int32(end))
            scan(first: Int32(first), count: end - first)
            first = end
        }
    }

    /// Moves the part of every list that lies before `end` from `rest` to `part`.
    private mutating func cut(before end: Int32) {
        let stride = wide != 0 ? 4 : 2
        for list in rest.indices {
            let count = ck_postings_before(rest[list].passages, rest[list].count, end)
            part[list] = rest[list]
            part[list].count = count
            rest[list].passages += count
            rest[list].codes += count * stride
            rest[list].count -= count
        }
    }

    private mutating func scan(first: Int32, count: Int) {
        let floor = max(0, top.threshold)
        // The lists that together stay below the score to beat are looked up, the others walked.
        var unseen: Float = 0
        var walked = 0
        var lookedUp = 0
        for list in order where part[list].count > 0 {
            let sum = unseen + query.bounds[list]
            isWalked[list] = walked > 0 || sum * (1 + tolerance) > floor
            if isWalked[list] {
                walked += part[list].count
            } else {
                unseen = sum
                lookedUp += part[list].count
            }
        }
        guard walked > 0 else { return }
        if lookedUp > 0 {
            let partialFloor = max(0, floor - unseen - tolerance * (floor + unseen))
            let found = take(above: partialFloor, first: first, count: count, postings: walked)
            if found * part.count * Self.lookupCost < lookedUp {
                for place in 0..<found {
                    let passage = first + Int32(places[place])
                    offer(
                        passage, ck_postings_score(part, part.count, wide, query.shares, passage))
                }
                return
            }
            for list in isWalked.indices { isWalked[list] = true }
        }
        let found = take(above: floor, first: first, count: count, postings: walked + lookedUp)
        for place in 0..<found { offer(first + Int32(places[place]), values[place]) }
    }

    /// Sums the walked lists and takes the scores above a floor, and their places, out.
    private mutating func take(above floor: Float, first: Int32, count: Int, postings: Int) -> Int {
        for list in part.indices where isWalked[list] && part[list].count > 0 {
            ck_postings_add(part[list], wide, first, query.shares, scores)
        }
        // Reading all scores is cheap, a few postings are cheaper.
        guard postings < count / 16 else {
            return ck_scores_take_above(scores, count, floor, places, values)
        }
        var found = 0
        for list in part.indices where isWalked[list] && part[list].count > 0 {
            found += ck_postings_take_above(
                part[list], first, scores, floor, places + found, values + found)
        }
        return found
    }

    @inline(__always)
    private mutating func offer(_ passage: Int32, _ score: Float) {
        if score >= top.threshold, passing?.contains(Int(passage)) ?? true { top.offer(passage, score: score) }
    }
}
