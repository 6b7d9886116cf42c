import Docids
import Foundation
import Memory
import TestSupport
import Testing

@Suite struct ResidualCodebookTests {
    private func vectors(_ count: Int, _ dimension: Int, seed: UInt64) -> [Float] {
        var random = SeededGenerator(seed: seed)
        return (0..<count).flatMap { _ in
            let row = (0..<dimension).map { Float(random.unit() - 0.5) / Float(1 + $0 / 4) }
            let length = row.reduce(0) { $0 + $1 * $1 }.squareRoot()
            return row.map { $0 / length }
        }
    }

    private func learn(
        _ vectors: [Float], _ dimension: Int, width: Int = 128, threads: Int = 2
    ) throws -> ResidualCodebook {
        var learner = ResidualCodebookLearner(centroids: 8, seed: 3)
        (learner.width, learner.threads) = (width, threads)
        return try #require(learner.learn(FrozenArray(vectors), dimension: dimension))
    }

    /// The numbers of a section of the codebook.
    private func numbers(_ name: String, _ book: ResidualCodebook) throws -> [Float] {
        try #require(book.sections().first { $0.name == "book.\(name)" }?.bytes.elements(of: Float.self)).toArray()
    }

    /// What a code stands for, as the format says.
    private func decoded(_ code: ArraySlice<UInt8>, _ book: ResidualCodebook) throws -> [Double] {
        let code = Array(code)
        let (centroids, spreads) = (try numbers("centroids", book), try numbers("spreads", book))
        let levels = try numbers("levels", book)
        let number = Int(code[0]) + 256 * Int(code[1])
        let row = (0..<book.width).map { j in
            let level = levels[Int(code[2 + j / 4]) >> (2 * (j % 4)) & 3]
            return Double(centroids[(number < book.centroidCount ? number : 0) * book.width + j])
                + Double(spreads[j]) * Double(level)
        }
        let length = row.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return row.map { $0 / length }
    }

    @Test(
        "The best product of each query is that of the decoded codes, whatever is in a block",
        arguments: [(16, 1, 1), (16, 15, 7), (32, 16, 8), (48, 17, 9), (128, 33, 31), (128, 2, 0)])
    func peaks(width: Int, queryCount: Int, count: Int) throws {
        let dimension = width + 9
        let book = try learn(vectors(300, dimension, seed: 1), dimension, width: width)
        #expect(book.width == width && book.byteCount == 2 + width / 4)
        var random = SeededGenerator(seed: 5)
        // Any bytes are a code, also those with a number that no centroid has.
        let codes = (0..<count * book.byteCount).map { place in
            place % book.byteCount == 1 ? UInt8(place % 31 == 0 ? 9 : 0) : UInt8.random(in: 0...255, using: &random)
        }
        let asked = vectors(queryCount, dimension, seed: 6)
        let projection = try numbers("projection", book)
        let queries = asked.withUnsafeBufferPointer { book.queries($0) }
        let found = codes.withUnsafeBufferPointer { book.peaks(of: queries, in: $0) }
        #expect(found.count == queryCount)
        let rows = try (0..<count).map { try decoded(codes[$0 * book.byteCount..<($0 + 1) * book.byteCount], book) }
        for query in 0..<queryCount {
            let z = (0..<width).map { j in
                (0..<dimension).reduce(0.0) {
                    $0 + Double(projection[j * dimension + $1]) * Double(asked[query * dimension + $1])
                }
            }
            let best = rows.map { zip(z, $0).reduce(0) { $0 + $1.0 * $1.1 } }.max() ?? -.infinity
            #expect(best == -.infinity ? found[query] == -.infinity : abs(Double(found[query]) - best) < 1e-4)
        }
        let back = codes.withUnsafeBufferPointer { book.decoded($0) }
        for (a, b) in zip(back, rows.joined()) { #expect(abs(Double(a) - b) < 1e-4) }
    }

    @Test("Directions are orthonormal, and codes near their vectors") func quality() throws {
        let (dimension, count) = (64, 2_000)
        let all = vectors(count, dimension, seed: 2)
        let book = try learn(all, dimension, width: 32)
        let p = try numbers("projection", book)
        for a in 0..<32 {
            for b in 0...a {
                let product = (0..<dimension).reduce(Float(0)) { $0 + p[a * dimension + $1] * p[b * dimension + $1] }
                #expect(abs(product - (a == b ? 1 : 0)) < 1e-4)
            }
        }
        let (points, codes) = all.withUnsafeBufferPointer { (book.projected($0), book.codes(of: $0)) }
        let back = codes.withUnsafeBufferPointer { book.decoded($0) }
        var cosine: Float = 0
        for row in 0..<count {
            let (a, b) = (points[row * 32..<(row + 1) * 32], back[row * 32..<(row + 1) * 32])
            let length = a.reduce(0) { $0 + $1 * $1 }.squareRoot()
            cosine += zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } / length / Float(count)
        }
        #expect(cosine > 0.95)
    }

    @Test("The same vectors give the same codebook on any number of threads, and it is read back") func stored() throws
    {
        let all = vectors(700, 40, seed: 8)
        let book = try learn(all, 40, threads: 1)
        let sections = Dictionary(uniqueKeysWithValues: book.sections())
        let other = Dictionary(uniqueKeysWithValues: try learn(all, 40, threads: 4).sections())
        #expect(sections.mapValues { $0.toArray() } == other.mapValues { $0.toArray() })
        func read(_ change: (String, [UInt8]) -> [UInt8] = { $1 }) throws -> ResidualCodebook {
            try ResidualCodebook { name in FrozenArray(change(name, try #require(sections[name]).toArray())) }
        }
        let again = try read()
        all.withUnsafeBufferPointer { #expect(again.codes(of: $0) == book.codes(of: $0)) }
        // A width of 40 components is cut to whole steps.
        #expect(again.width == 32)
        for name in sections.keys {
            #expect(throws: DocidError.self, "\(name) cut") { try read { $0 == name ? Array($1.dropLast(4)) : $1 } }
        }
        for name in ["centroids", "spreads", "levels", "projection"] {
            #expect(throws: DocidError.self, "\(name) no number") {
                try read { $0 == "book.\(name)" ? [0, 0, 0xC0, 0x7F] + $1.dropFirst(4) : $1 }
            }
        }
        for sizes in [[40, 0, 8], [40, 24, 8], [0, 32, 8], [40, 32, 0], [40, 1024, 8], [.max, 32, 8]] as [[UInt64]] {
            let bytes = sizes.flatMap { value in (0..<8).map { UInt8(truncatingIfNeeded: value >> UInt64(8 * $0)) } }
            #expect(throws: DocidError.self) { try read { $0 == "book.sizes" ? bytes : $1 } }
        }
    }

    @Test("Too few components, and no vectors, have no codebook") func nothing() {
        #expect(ResidualCodebookLearner(centroids: 4, seed: 1).learn(FrozenArray([]), dimension: 32) == nil)
        let short = FrozenArray(vectors(9, 15, seed: 1))
        #expect(ResidualCodebookLearner(centroids: 4, seed: 1).learn(short, dimension: 15) == nil)
        // Fewer vectors than directions leave some without any.
        let few = FrozenArray(vectors(3, 48, seed: 1))
        #expect(ResidualCodebookLearner(centroids: 4, seed: 1).learn(few, dimension: 48) != nil)
    }
}
