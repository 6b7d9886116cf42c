import Docids
import Foundation
import Memory
import Tensors
import TestSupport
import Testing

@Suite struct LeafCodesTests {
    @Test("A rotation keeps inner products and can be undone", arguments: [1, 2, 3, 7, 8, 31, 384, 768])
    func rotation(dimension: Int) {
        let rotation = Rotation(dimension: dimension, seed: 3)
        let vectors = Vectors.clustered(2, dimension: dimension, seed: 5).toArray()
        var rotated = vectors
        rotated.withUnsafeMutableBufferPointer {
            for row in 0..<2 { rotation.rotate($0.baseAddress! + row * dimension) }
        }
        func product(_ v: [Float], _ a: Int, _ b: Int) -> Double {
            (0..<dimension).reduce(0) { $0 + Double(v[a * dimension + $1]) * Double(v[b * dimension + $1]) }
        }
        for (a, b) in [(0, 0), (0, 1), (1, 1)] {
            #expect(abs(product(rotated, a, b) - product(vectors, a, b)) < 1e-5 * Double(dimension))
        }
        #expect(dimension < 8 || rotated != vectors)
        rotated.withUnsafeMutableBufferPointer {
            for row in 0..<2 { rotation.unrotate($0.baseAddress! + row * dimension) }
        }
        for (a, b) in zip(rotated, vectors) { #expect(abs(a - b) < 1e-5) }
    }

    @Test("A rotation evens out what one component holds") func spread() {
        var vector = [Float](repeating: 0, count: 384)
        vector[17] = 1
        let rotation = Rotation(dimension: 384, seed: 0)
        vector.withUnsafeMutableBufferPointer { rotation.rotate($0.baseAddress!) }
        #expect(vector.map(abs).max()! < 0.3)
        #expect(vector.count { abs($0) > 0.01 } > 300)
    }

    @Test("Bytes are near their vectors, and the same when they are coded again", arguments: [1, 5, 384, 100])
    func bytes(dimension: Int) {
        let vectors = Vectors.clustered(70, dimension: dimension, seed: 9).toArray()
        func rows(_ values: [Float]) -> ByteRows {
            ByteRows(count: 70, dimension: dimension, threads: 2) { row, target in
                for i in 0..<dimension { target[i] = values[row * dimension + i] }
            }
        }
        let coded = rows(vectors)
        var back: [Float] = []
        for row in 0..<70 {
            let vector = [Float](unsafeUninitializedCapacity: dimension) {
                coded.copy(row, into: UnsafeMutableBufferPointer(rebasing: $0[0..<dimension]))
                $1 = dimension
            }
            let largest = vectors[row * dimension..<(row + 1) * dimension].map(abs).max()!
            for i in 0..<dimension { #expect(abs(vector[i] - vectors[row * dimension + i]) <= 0.501 * largest / 127) }
            back += vector
        }
        #expect(rows(back).codes.toArray() == coded.codes.toArray())
        let codes = coded.codes.toArray()
        let query = CodedQuery(Array(vectors[0..<dimension]), Rotation(dimension: dimension, seed: 1))
        // The same integers by a plain loop.
        let all = coded.products(query, 0..<70)
        for row in 0..<70 {
            var sum: Int64 = 0
            for i in 0..<dimension { sum += Int64(query.words[i]) * Int64(codes[row * dimension + i]) }
            let expected = coded.scales[row] * (query.scale * Float(Int32(sum)))
            #expect(all[row] == expected && coded.product(query, row) == expected)
        }
        #expect(coded.products(query, at: [3, 69, 3]) == [all[3], all[69], all[3]])
    }

    /// Estimates by a plain loop over the components' signs.
    @Test("Signs give estimates within their error", arguments: [0, 1, 31, 32, 33, 200], [3, 8, 50, 384])
    func signs(count: Int, dimension: Int) {
        let rests = Vectors.clustered(max(1, count), dimension: dimension, seed: 4).toArray()
        let codes = SignCodes(count: count, dimension: dimension, threads: 2) { row, target in
            for i in 0..<dimension { target[i] = rests[row * dimension + i] }
        }
        let rotation = Rotation(dimension: dimension, seed: 8)
        let vector = Vectors.clustered(1, dimension: dimension, seed: 6).toArray()
        var rotated = vector
        rotated.withUnsafeMutableBufferPointer { rotation.rotate($0.baseAddress!) }
        let query = CodedQuery(vector, rotation)
        let runs = SignCodes.Runs(ends: [7, UInt32(max(7, count))], bases: [0.25, -0.5])
        var found: [Int: (lower: Float, upper: Float)] = [:]
        codes.scan(query, 0..<count, runs: runs, deviations: 2, floor: -Float.infinity) { places, lowers, uppers in
            for i in places.indices { found[Int(places[i])] = (lowers[i], uppers[i]) }
        }
        #expect(found.count == count)
        var outside = 0
        for row in 0..<count {
            let rest = rests[row * dimension..<(row + 1) * dimension]
            let (base, square, sum): (Float, Float, Float) = (
                row < 7 ? 0.25 : -0.5, rest.reduce(0) { $0 + $1 * $1 }, rest.reduce(0) { $0 + abs($1) }
            )
            var signed: Float = 0
            var product: Float = 0
            for (i, value) in rest.enumerated() {
                signed += value >= 0 ? rotated[i] : -rotated[i]
                product += value * rotated[i]
            }
            let ends = found[row] ?? (0, 0)
            let middle = (ends.lower + ends.upper) / 2
            // But for the rounding of the tables' entries.
            #expect(abs(middle - (base + square / sum * signed)) < 0.02 * square / sum * Float(dimension).squareRoot())
            if product + base < ends.lower || product + base > ends.upper { outside += 1 }
        }
        if dimension == 384 { #expect(Double(outside) <= 0.15 * Double(count) + 1) }
        // Of a higher floor those that reach it.
        var above: Set<Int> = []
        codes.scan(query, 0..<count, runs: runs, deviations: 2, floor: 0.1) { places, _, _ in
            above.formUnion(places.map { Int($0) })
        }
        #expect(above == Set(found.filter { $0.value.upper >= 0.1 }.keys))
    }

    @Test(
        "Half bytes are near their vectors, and the same when they are coded again",
        arguments: [1, 5, 64, 67, 100, 384])
    func nibbles(dimension: Int) throws {
        let vectors = Vectors.clustered(70, dimension: dimension, seed: 9).toArray()
        func rows(_ values: [Float]) -> NibbleRows {
            NibbleRows(count: 70, dimension: dimension, threads: 2) { row, target in
                for i in 0..<dimension { target[i] = values[row * dimension + i] }
            }
        }
        let coded = rows(vectors)
        #expect(coded.codes.count == 70 * ((dimension + 1) / 2))
        var back: [Float] = []
        for row in 0..<70 {
            let vector = [Float](unsafeUninitializedCapacity: dimension) {
                coded.copy(row, into: UnsafeMutableBufferPointer(rebasing: $0[0..<dimension]))
                $1 = dimension
            }
            let own = vectors[row * dimension..<(row + 1) * dimension]
            // No worse than seven even steps up to the largest component.
            let step: Float = own.map(abs).max()! / 7
            var (even, error): (Float, Float) = (0, 0)
            for (found, value) in zip(vector, own) {
                let rest = value - step * (value / step).rounded(.toNearestOrEven)
                even += rest * rest
                error += (found - value) * (found - value)
            }
            #expect(error <= even * 1.0001 + 1e-12)
            back += vector
        }
        #expect(rows(back).codes.toArray() == coded.codes.toArray())
        let query = CodedQuery(Array(vectors[0..<dimension]), Rotation(dimension: dimension, seed: 1))
        let expected = (0..<70).map { row -> Double in
            var sum = 0.0
            for i in 0..<dimension { sum += Double(back[row * dimension + i]) * Double(query.words[i]) }
            return sum * Double(query.scale)
        }
        let places: [UInt32] = [69, 0, 3, 3, 40, 41, 42, 43]
        for (found, row) in zip(coded.products(query, at: places), places) {
            #expect(abs(Double(found) - expected[Int(row)]) < 1e-4)
            #expect(found == coded.product(query, Int(row)))
        }
        #expect(zip(coded.products(query, 3..<70), expected[3...]).allSatisfy { abs(Double($0) - $1) < 1e-4 })
    }

    @Test("Codes keep every vector, in the order of a tree", arguments: [0, 1, 2, 40, 333], CodedRows.Width.allCases)
    func tree(count: Int, width: CodedRows.Width) throws {
        let dimension = 24
        let vectors = Vectors.clustered(count, dimension: dimension, seed: 11)
        func build(threads: Int) -> LeafCodes {
            var builder = LeafCodesBuilder(fanout: 4, leafSize: 9, seed: 2, threads: threads)
            builder.width = width
            return builder.build(vectors: vectors, dimension: dimension)
        }
        let (codes, others) = (build(threads: 1), build(threads: 3))
        for (a, b) in zip(codes.sections(), others.sections()) {
            #expect(a.bytes.toArray() == b.bytes.toArray(), "\(a.name)")
        }
        #expect(codes.count == count && codes.dimension == dimension)
        #expect((codes.leafEnds.last ?? 0) == count)
        var seen: Set<Int32> = []
        for place in 0..<count {
            let document = codes.document(at: place)
            #expect(codes.place(of: document) == place)
            #expect(codes.document(of: codes.docid(of: document)) == document)
            seen.insert(document)
            let vector = [Float](unsafeUninitializedCapacity: dimension) {
                codes.copy(document, into: UnsafeMutableBufferPointer(rebasing: $0[0..<dimension]))
                $1 = dimension
            }
            let most: Float = width == .byte ? 0.02 : 0.25
            for i in 0..<dimension { #expect(abs(vector[i] - vectors[Int(document) * dimension + i]) < most) }
        }
        #expect(seen.count == count)

        let stored = Dictionary(uniqueKeysWithValues: codes.sections().map { ($0.name, $0.bytes) })
        let read = try LeafCodes(width) { try #require(stored[$0]) }
        for (a, b) in zip(codes.sections(), read.sections()) { #expect(a.bytes.toArray() == b.bytes.toArray()) }
        for name in stored.keys {
            for change in [[UInt8](), Array((stored[name]?.toArray() ?? []) + [0])]
            where change != stored[name]?.toArray() {
                #expect(throws: (any Error).self, "\(name)") {
                    try LeafCodes(width) { $0 == name ? FrozenArray(change) : try #require(stored[$0]) }
                }
            }
        }
    }

    @Test("What is no number becomes none") func numbers() {
        let rows = ByteRows(count: 3, dimension: 2, threads: 1) { row, target in
            target[0] = [Float.nan, .infinity, 1][row]
            target[1] = [1, 1, -.infinity][row]
        }
        #expect(rows.count == 3)
        let query = CodedQuery([.nan, .infinity], Rotation(dimension: 2, seed: 1))
        #expect(rows.products(query, 0..<3).count == 3)
    }
}
