import Foundation
import Memory
import Storage
import Tensors
import TestSupport
import Testing
import Transformers

@Suite struct StaticEncoderTests {
    private static let vocabulary = 40

    /// Every third token of 40 has no row.
    private func encoder(dimension: Int, seed: UInt64 = 1) -> StaticEncoder {
        var random = SeededGenerator(seed: seed)
        var rows: [Int32] = []
        var count: Int32 = 0
        for token in 0..<Self.vocabulary {
            rows.append(token % 3 == 2 ? -1 : count)
            if token % 3 != 2 { count += 1 }
        }
        func values(_ count: Int) -> [Float] { (0..<count).map { _ in Float(random.unit()) - 0.5 } }
        let table = values(Int(count) * dimension)
        return StaticEncoder(
            rows: FrozenArray(rows), weights: FrozenArray(values(Int(count)).map { $0 + 1 }),
            table: ByteRows(count: Int(count), dimension: dimension, threads: 1) { row, into in
                for i in 0..<dimension { into[i] = table[row * dimension + i] }
            }, mean: FrozenArray(values(dimension).map { $0 / 10 }))
    }

    private func vector(_ encoder: StaticEncoder, _ tokens: [Int32]) -> [Float] {
        [Float](unsafeUninitializedCapacity: encoder.dimension) {
            encoder.encode(tokens, into: UnsafeMutableBufferPointer(rebasing: $0[0..<encoder.dimension]))
            $1 = encoder.dimension
        }
    }

    /// The formula, in double precision.
    private func naive(_ encoder: StaticEncoder, _ tokens: [Int32]) -> [Double] {
        var counts: [Int: Int] = [:]
        for token in tokens where token >= 0 && Int(token) < Self.vocabulary && encoder.rows[Int(token)] >= 0 {
            counts[Int(encoder.rows[Int(token)]), default: 0] += 1
        }
        let shares = counts.mapValues { log(1 + Double($0)) }.map { ($0, $1 * Double(encoder.weights[$0])) }
        let length = shares.reduce(0) { $0 + $1.1 * $1.1 }.squareRoot()
        var sum = (0..<encoder.dimension).map { Double(encoder.mean[$0]) }
        for (row, share) in shares {
            for i in 0..<encoder.dimension {
                let component = Double(encoder.table.codes[row * encoder.dimension + i])
                sum[i] += share / length * Double(encoder.table.scales[row]) * component
            }
        }
        let norm = sum.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return sum.map { $0 / norm }
    }

    @Test("Vectors are those of the formula, at all widths", arguments: [1, 3, 16, 128, 129, 384, 1_000])
    func formula(dimension: Int) {
        let encoder = encoder(dimension: dimension)
        var random = SeededGenerator(seed: 2)
        for length in [0, 1, 2, 3, 17, 255, 512] {
            let tokens = (0..<length).map { _ in Int32(random.next() % 45) - 2 }
            for (a, b) in zip(vector(encoder, tokens), naive(encoder, tokens)) { #expect(abs(Double(a) - b) < 2e-3) }
        }
    }

    @Test("A text of nothing known has the mean's direction, and order says nothing") func corners() {
        let encoder = encoder(dimension: 9)
        let length = (0..<9).reduce(Float(0)) { $0 + encoder.mean[$1] * encoder.mean[$1] }.squareRoot()
        for tokens in [[], [2, 5], [-1, 99]] as [[Int32]] {
            for (i, value) in vector(encoder, tokens).enumerated() {
                #expect(abs(value - encoder.mean[i] / length) < 1e-6)
            }
        }
        #expect(vector(encoder, [0, 1, 3, 3]) == vector(encoder, [3, 1, 2, 3, 0]))
    }

    @Test("A file gives the same encoder, and a damaged one none") func file() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("static.gnr")
        let original = encoder(dimension: 7)
        try original.write(to: ContainerWriter(path: path, kind: StaticEncoder.fileKind))
        let read = try StaticEncoder(Container(path: path, kind: StaticEncoder.fileKind))
        #expect(vector(read, [1, 4, 4, 9]) == vector(original, [1, 4, 4, 9]))
        let broken: [(rows: [Int32], weights: [Float], mean: [Float])] = [
            ([0, 1], [1, 1], [0]),  // a row of a token that is not there
            ([0, -2], [1], [0]), ([0], [.nan], [0]), ([0], [1], [.infinity]), ([0], [1], [0, 0]),
        ]
        for (place, parts) in broken.enumerated() {
            let path = folder.path("broken-\(place).gnr")
            let writer = try ContainerWriter(path: path, kind: StaticEncoder.fileKind)
            try writer.write("static.sizes", [UInt64(parts.rows.count), 1, 1])
            try writer.write("static.rows", parts.rows)
            try writer.write("static.weights", parts.weights)
            try writer.write("static.scales", [Float(1)])
            try writer.write("static.mean", parts.mean)
            try writer.write("static.codes", [Int8(1)])
            try writer.finish()
            #expect(throws: StorageError.self) {
                try StaticEncoder(Container(path: path, kind: StaticEncoder.fileKind))
            }
        }
    }

    @Test("A token counts once a text, and what is everywhere weighs a little") func frequencies() {
        var frequencies = DocumentFrequencies(vocabularySize: 5)
        for text in [[1, 1, 3], [1, 7, -1], [1]] as [[Int32]] { frequencies.add(text) }
        #expect(frequencies.texts == 3 && frequencies.counts == [0, 3, 0, 1, 0] && frequencies.tokens == [1, 3])
        #expect(abs(frequencies.weight(of: 1) - log(4 / 3.5)) < 1e-6)
        #expect(abs(frequencies.weight(of: 3) - log(4 / 1.5)) < 1e-6)
        var everywhere = DocumentFrequencies(vocabularySize: 1)
        for _ in 0..<99 { everywhere.add([0]) }
        #expect(everywhere.weight(of: 0) == 0.05)
    }
}
