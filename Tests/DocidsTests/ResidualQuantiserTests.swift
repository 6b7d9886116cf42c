import Docids
import Memory
import Testing

@Suite struct ResidualQuantiserTests {
    private let d = 12

    private func error(
        _ quantiser: ResidualQuantiser, _ vectors: FrozenArray<Float>, levels: Int, beam: Int = 1
    ) -> Double {
        let codes = quantiser.encode(vectors: vectors, beam: beam)
        var total = 0.0
        for row in 0..<vectors.count / d {
            let first = row * quantiser.levelCount
            let sum = quantiser.reconstruct(codes.slice(first..<first + levels).toArray())
            for i in 0..<d {
                let gap = Double(vectors[row * d + i] - sum[i])
                total += gap * gap
            }
        }
        return total
    }

    @Test("The error falls with every level, and with the beam") func errors() {
        let vectors = Vectors.clustered(800, dimension: d)
        let quantiser = ResidualQuantiser.train(vectors: vectors, dimension: d, levels: 6, codewords: 16)
        let errors = (0...6).map { error(quantiser, vectors, levels: $0) }
        for (before, after) in zip(errors, errors.dropFirst()) { #expect(after < before) }
        #expect(errors[6] < 0.25 * errors[1])
        #expect(error(quantiser, vectors, levels: 6, beam: 4) < errors[6])
    }

    @Test("Greedy codes are the nearest codewords, level by level") func greedy() {
        let vectors = Vectors.clustered(200, dimension: d)
        let quantiser = ResidualQuantiser.train(vectors: vectors, dimension: d, levels: 3, codewords: 9)
        for row in 0..<200 {
            var residual = vectors.slice(row * d..<(row + 1) * d).toArray()
            var start = 0
            for (level, code) in quantiser.encode(residual).enumerated() {
                let count = quantiser.codewordCounts[level]
                func distance(_ word: Int) -> Float {
                    (0..<d).reduce(0) {
                        let gap = residual[$1] - quantiser.codebooks[start + word * d + $1]
                        return $0 + gap * gap
                    }
                }
                let best = (0..<count).map(distance).min() ?? 0
                #expect(distance(Int(code)) <= best + 1e-5)
                for i in 0..<d { residual[i] -= quantiser.codebooks[start + Int(code) * d + i] }
                start += count * d
            }
        }
    }

    @Test("Few vectors give few codewords", arguments: [0, 1, 2, 31, 33]) func small(count: Int) {
        let vectors = Vectors.clustered(count, dimension: d)
        let quantiser = ResidualQuantiser.train(vectors: vectors, dimension: d, levels: 4)
        #expect(quantiser.levelCount == 4)
        #expect(quantiser.codewordCounts.allSatisfy { $0 >= 1 && $0 <= max(count, 1) })
        #expect(quantiser.encode(vectors: vectors).count == count * 4)
        #expect(error(quantiser, vectors, levels: 4) < 1e-6)
    }

    @Test("The same seed gives the same bytes on any number of threads") func determinism() {
        let vectors = Vectors.clustered(500, dimension: d)
        func bytes(_ seed: UInt64, _ threads: Int) -> [String: [UInt8]] {
            let quantiser = ResidualQuantiser.train(
                vectors: vectors, dimension: d, levels: 3, codewords: 20, seed: seed, threads: threads)
            return SectionStore(quantiser.sections()).bytes
        }
        #expect(bytes(1, 1) == bytes(1, 4))
        #expect(bytes(1, 1) != bytes(2, 1))
    }

    @Test func sections() throws {
        let vectors = Vectors.clustered(100, dimension: d)
        let quantiser = ResidualQuantiser.train(vectors: vectors, dimension: d, levels: 3, codewords: 8)
        let store = SectionStore(quantiser.sections())
        let read = try ResidualQuantiser(sections: store.read)
        #expect(read.encode(vectors: vectors) == quantiser.encode(vectors: vectors))
        store.damaged(rounds: 200, seed: 3) { damaged in
            guard let read = try? ResidualQuantiser(sections: damaged.read) else { return }
            let vector = [Float](repeating: 0.5, count: read.dimension)
            #expect(read.encode(vector).count == read.levelCount)
        }
    }
}
