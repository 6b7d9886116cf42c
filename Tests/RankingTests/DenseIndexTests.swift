import Foundation
import Memory
import Ranking
import Search
import Storage
import Tensors
import TestSupport
import Testing

enum RandomVectors {
    /// Unit vectors around a few directions; every `repeats`-th is a copy of the one before.
    static func make(_ count: Int, dimension: Int, seed: UInt64, repeats: Int = .max) -> FrozenArray<Float> {
        var random = SeededGenerator(seed: seed)
        let centres = (0..<5).map { _ in one(dimension, &random) }
        var values: [Float] = []
        for index in 0..<count {
            if index > 0, index % repeats == 0 {
                values += Array(values[(values.count - dimension)...])
                continue
            }
            var vector = zip(centres[index % 5], one(dimension, &random)).map { $0 + 0.7 * $1 }
            Vector.normalize(&vector)
            values += vector
        }
        return FrozenArray(values)
    }

    static func one(_ dimension: Int, _ random: inout SeededGenerator) -> [Float] {
        var vector = (0..<dimension).map { _ in Float.random(in: -1...1, using: &random) }
        Vector.normalize(&vector)
        return vector
    }
}

@Suite struct DenseIndexTests {
    @Test("Similarities are inner products", arguments: [0, 1, 3, 65, 200], [1, 7, 16, 384])
    func matchesLoops(count: Int, dimension: Int) {
        let vectors = RandomVectors.make(count, dimension: dimension, seed: 2)
        let index = DenseIndex(vectors: vectors, dimension: dimension)
        #expect(index.count == count && index.dimension == dimension)
        var random = SeededGenerator(seed: 5)
        let query = RandomVectors.one(dimension, &random)
        let expected = (0..<count).map { row in
            (0..<dimension).reduce(0.0) { $0 + Double(query[$1]) * Double(vectors[row * dimension + $1]) }
        }
        let asked = index.query(query)
        let all = asked.best(count)
        #expect(all.count == count)
        for item in all { #expect(abs(Double(item.score) - expected[Int(item.id)]) < 1e-5) }
        for row in 0..<count { #expect(abs(Double(asked.similarity(Int32(row))) - expected[row]) < 1e-5) }
    }

    @Test("A file gives the vectors back; a damaged one is told") func file() throws {
        let folder = try TemporaryFolder()
        let file = folder.path("vectors.gnr")
        let index = DenseIndex(vectors: RandomVectors.make(9, dimension: 4, seed: 1), dimension: 4)
        try index.write(to: ContainerWriter(path: file, kind: DenseIndex.fileKind))
        let read = try DenseIndex(Container(path: file, kind: DenseIndex.fileKind))
        #expect(read.count == 9 && read.dimension == 4)
        #expect(read.floats().toArray() == index.floats().toArray())

        for header in [[9, 5], [8, 4], [9, 0], [9], [UInt64.max, 2], [36, 1 << 40]] as [[UInt64]] {
            let writer = try ContainerWriter(path: file, kind: DenseIndex.fileKind)
            try writer.write("dense.header", header)
            try writer.write("dense.vectors", index.floats())
            try writer.finish()
            #expect(throws: StorageError.self, "\(header)") {
                try DenseIndex(Container(path: file, kind: DenseIndex.fileKind))
            }
        }
    }
}
