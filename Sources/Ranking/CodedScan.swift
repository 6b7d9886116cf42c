import Docids
import Memory
import Search

/// Exact-enough dense search over ``LeafCodes``: all signs are read, and the vectors whose estimate may be among the best are
/// compared byte by byte.
///
/// An estimate comes with the standard deviation of its error (RaBitQ, Gao and Long 2024). A vector is compared where the upper end
/// of its estimate is not below the k-th best lower end of all: how many there are follows from the query and the passages, and not
/// from a number that somebody chose. The set, and so the answer, is the same on any number of threads.
package struct CodedScan: Sendable {
    /// How many standard deviations an estimate's ends are off.
    static let deviations: Float = 1.5
    /// Vectors of which sums are taken at a time: what they need stays in the first cache.
    private static let chunk = 64 * SignCodes.block
    /// Fewer vectors are not worth a thread.
    private static let perThread = 1 << 17

    let codes: LeafCodes
    let query: CodedQuery

    /// The inner product with a document's vector, by its bytes.
    func similarity(_ document: Int32) -> Float { codes.rows.product(query, codes.place(of: document)) }

    /// The best `k` documents; score falling, then document rising.
    ///
    /// O(vectors · dimension / 8), and O(dimension) for each vector that is compared.
    ///
    /// - Parameter passing: the documents that may be found; nil for all.
    func best(_ k: Int, passing: PlaceSet?, threads: Int) -> [Scored<Int32>] {
        guard k > 0 else { return [] }
        if let passing, 16 * passing.count < codes.count || passing.count <= 2 * k {
            var places: [UInt32] = []
            passing.forEach { places.append(UInt32(codes.place(of: Int32($0)))) }
            return compared(places.sorted(), k)
        }
        guard codes.count > 2 * k else { return compared(Array(0..<UInt32(codes.count)), k) }
        return compared(candidates(k, passing, threads), k)
    }

    /// The places of the vectors that may be among the best `k`, rising.
    func candidates(_ k: Int, _ passing: PlaceSet?, _ threads: Int) -> [UInt32] {
        let runs = SignCodes.Runs(
            ends: codes.leafEnds, bases: codes.centroids.products(query, at: codes.leafNodes))
        let blocks = (codes.count + SignCodes.block - 1) / SignCodes.block
        let parts = max(1, min(threads, codes.count / Self.perThread))
        let found = Parallel.map(count: parts, threads: parts) { part in
            let range =
                blocks * part / parts
                * SignCodes.block..<min(codes.count, blocks * (part + 1) / parts * SignCodes.block)
            return scan(range, runs, k, passing)
        }
        var lowest = found[0].lowest
        for part in found.dropFirst() { for item in part.lowest.sorted() { lowest.offer(item) } }
        let floor = lowest.threshold
        return found.flatMap { $0.candidates.lazy.filter { $0.upper >= floor }.map(\.place) }.sorted()
    }

    /// What one thread found: the best lower ends, and what was not below the k-th of them when it was met.
    private struct Found: Sendable {
        var lowest: TopK<UInt32>
        var candidates: [SignCodes.Candidate] = []
    }

    private func scan(_ range: Range<Int>, _ runs: SignCodes.Runs, _ k: Int, _ passing: PlaceSet?) -> Found {
        var found = Found(lowest: TopK(capacity: k))
        var room = 4 * k + 4_096
        var start = range.lowerBound
        while start < range.upperBound {
            let end = min(range.upperBound, start + Self.chunk)
            codes.signs.scan(
                query, start..<end, runs: runs, deviations: Self.deviations, floor: found.lowest.threshold
            ) { places, lowers, uppers in
                for i in places.indices {
                    if let passing, !passing.contains(Int(codes.document(at: Int(places[i])))) { continue }
                    found.candidates.append(.init(place: places[i], upper: uppers[i]))
                    if lowers[i] >= found.lowest.threshold { found.lowest.offer(places[i], score: lowers[i]) }
                }
            }
            start = end
            guard found.candidates.count > room else { continue }
            let floor = found.lowest.threshold
            found.candidates.removeAll { $0.upper < floor }
            room = max(room, 2 * found.candidates.count)
        }
        return found
    }

    /// The best of the vectors at some places by their bytes.
    private func compared(_ places: [UInt32], _ k: Int) -> [Scored<Int32>] {
        var top = TopK<Int32>(capacity: k)
        for (place, score) in zip(places, codes.rows.products(query, at: places)) {
            top.offer(codes.document(at: Int(place)), score: score)
        }
        return top.sorted()
    }
}
