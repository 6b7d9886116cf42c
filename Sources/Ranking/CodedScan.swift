import Docids
import Memory
import Search

/// Exact-enough dense search over ``LeafCodes``: all signs are read, and the vectors whose estimate may be among the best are
/// compared byte by byte.
///
/// An estimate comes with the standard deviation of its error (RaBitQ, Gao and Long 2024). The vectors with the best estimates are
/// compared first. The k-th best of what they give is a floor that no later one lowers, and every other vector is compared whose
/// estimate may reach it: how many there are follows from the query and the passages, and not from a number that somebody chose. The
/// set, and so the answer, is the same on any number of threads.
package struct CodedScan: Sendable {
    /// How many standard deviations above its estimate a vector may lie. One in 4,300 lies higher.
    static let deviations: Float = 3.5
    /// Where a scan begins nothing is known of the floor. Meanwhile the k-th best of what lies 1.5 deviations below the estimates stands
    /// for it: so far up from the lower ends to the upper ones.
    private static let cautious = (deviations - 1.5) / (2 * deviations)
    /// Vectors of which sums are taken at a time: what they need stays in the first cache.
    private static let chunk = 64 * SignCodes.block
    /// Fewer vectors are not worth a thread.
    private static let perThread = 1 << 17
    /// So few vectors are compared without a look at their signs.
    private static let few = 1 << 15

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
        guard let signs = codes.signs, codes.count > max(Self.few, 2 * k) else {
            return compared(0..<codes.count, k, passing)
        }
        let candidates = candidates(signs, k, passing, threads)
        var promising = TopK<UInt32>(capacity: 2 * k)
        for item in candidates { promising.offer(item.place, score: item.middle) }
        let kept = promising.sorted()
        let best = compared(kept.map(\.id).sorted(), k)
        guard best.count == k, let floor = best.last?.score, let least = kept.last else { return best }
        // What was kept is what does not come after the last of it.
        let rest = candidates.lazy.filter {
            $0.upper >= floor && Scored.precedes(least, Scored($0.place, score: $0.middle))
        }
        var top = TopK<Int32>(capacity: k)
        for item in best + compared(rest.map(\.place), k) { top.offer(item) }
        return top.sorted()
    }

    /// The vectors that may be among the best `k`, by rising place.
    private func candidates(
        _ signs: SignCodes, _ k: Int, _ passing: PlaceSet?, _ threads: Int
    ) -> [SignCodes.Candidate] {
        let runs = SignCodes.Runs(
            ends: codes.leafEnds, bases: codes.centroids.products(query, at: codes.leafNodes))
        let blocks = (codes.count + SignCodes.block - 1) / SignCodes.block
        let parts = max(1, min(threads, codes.count / Self.perThread))
        let found = Parallel.map(count: parts, threads: parts) { part in
            let range =
                blocks * part / parts
                * SignCodes.block..<min(codes.count, blocks * (part + 1) / parts * SignCodes.block)
            return scan(signs, range, runs, k, passing)
        }
        var lowest = found[0].lowest
        for part in found.dropFirst() { for item in part.lowest.sorted() { lowest.offer(item) } }
        let floor = lowest.threshold
        return found.flatMap { $0.candidates.lazy.filter { $0.upper >= floor } }
    }

    /// What one thread found: the best low guesses, and what may reach the k-th of them when it was met.
    private struct Found: Sendable {
        var lowest: TopK<UInt32>
        var candidates: [SignCodes.Candidate] = []
    }

    private func scan(
        _ signs: SignCodes, _ range: Range<Int>, _ runs: SignCodes.Runs, _ k: Int, _ passing: PlaceSet?
    ) -> Found {
        var found = Found(lowest: TopK(capacity: k))
        var room = 4 * k + 4_096
        var start = range.lowerBound
        while start < range.upperBound {
            let end = min(range.upperBound, start + Self.chunk)
            signs.scan(
                query, start..<end, runs: runs, deviations: Self.deviations, floor: found.lowest.threshold
            ) { places, lowers, uppers in
                for i in places.indices {
                    if let passing, !passing.contains(Int(codes.document(at: Int(places[i])))) { continue }
                    found.candidates.append(.init(place: places[i], lower: lowers[i], upper: uppers[i]))
                    let low = lowers[i] + Self.cautious * (uppers[i] - lowers[i])
                    if low >= found.lowest.threshold { found.lowest.offer(places[i], score: low) }
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

    /// The best of neighbouring vectors by their bytes.
    private func compared(_ places: Range<Int>, _ k: Int, _ passing: PlaceSet?) -> [Scored<Int32>] {
        var top = TopK<Int32>(capacity: k)
        for (place, score) in zip(places, codes.rows.products(query, places)) where score >= top.threshold {
            let document = codes.document(at: place)
            if passing?.contains(Int(document)) ?? true { top.offer(document, score: score) }
        }
        return top.sorted()
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
