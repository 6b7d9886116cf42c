import Foundation
import Learning
import Memory
import Tensors
import TestSupport
import Testing
import Transformers

@Suite struct ParameterTests {
    @Test("What is written is read again, and equal stores give equal bytes") func files() throws {
        let folder = try TemporaryFolder()
        let store = ParameterStore()
        store.add("b.weight", shape: [3, 5], .normal(deviation: 1), seed: 1)
        store.add("a.bias", shape: [7], .truncatedNormal(deviation: 0.02), seed: 1)
        let (file, half) = (folder.url.appending(path: "x.safetensors"), folder.url.appending(path: "h.safetensors"))
        try store.write(to: file)
        try store.write(to: half, as: .float16)
        let first = try Data(contentsOf: file)
        try store.write(to: file)
        #expect(try Data(contentsOf: file) == first)
        let tensors = try Safetensors(contentsOf: file)
        #expect(tensors.entries.map(\.name) == ["a.bias", "b.weight"])
        let again = ParameterStore()
        try again.load("b.weight", shape: [3, 5], from: tensors)
        try again.load("a.bias", shape: [7], from: tensors, isFrozen: true)
        for parameter in store.parameters {
            #expect(again[parameter.name]?.matrix == parameter.matrix)
            #expect(again[parameter.name]?.shape == parameter.shape)
        }
        let rounded = try Safetensors(contentsOf: half).floats("b.weight", shape: [3, 5]).toArray()
        for (x, y) in zip(rounded, store["b.weight"]?.matrix.values ?? []) { #expect(abs(x - y) <= abs(y) / 2048) }
        #expect(throws: ModelError.self) { try again.load("c", shape: [1], from: tensors) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path).count == 2)
    }

    @Test("Halves are rounded to the nearest, ties to even") func halves() throws {
        let folder = try TemporaryFolder()
        let file = folder.url.appending(path: "h.safetensors")
        let values: [Float] = [
            1, 0x1.002p0, 0x1.006p0, -2.5, 65504, 65519, 65520, 0x1p-24, 0x1p-25, 0x1.8p-25, 0x1p-14, -0.0, .infinity,
        ]
        var writer = SafetensorsWriter()
        writer.metadata = ["note": "a \"text\""]
        writer.add("x", shape: [values.count], FrozenArray(values), as: .float16)
        try writer.write(to: file)
        let tensors = try Safetensors(contentsOf: file)
        #expect(tensors.metadata == ["note": "a \"text\""])
        let expected: [Float] = [
            1, 1, 0x1.008p0, -2.5, 65504, 65504, .infinity, 0x1p-24, 0, 0x1p-24, 0x1p-14, -0.0, .infinity,
        ]
        #expect(try tensors.floats("x", shape: [values.count]).toArray() == expected)
    }

    @Test("A place that cannot be written") func unwritable() {
        #expect(throws: ModelError.self) {
            try ParameterStore().write(to: URL(fileURLWithPath: "/nowhere/x.safetensors"))
        }
    }

    @Test("Numbers come from seed and name") func initialization() {
        func values(_ name: String, _ seed: UInt64, _ kind: Initialization) -> [Float] {
            let parameter = Parameter(name: name, shape: [100, 100])
            kind.fill(parameter, seed: seed)
            return parameter.matrix.values
        }
        let normal = values("a", 1, .normal(deviation: 2))
        #expect(normal == values("a", 1, .normal(deviation: 2)))
        #expect(normal != values("b", 1, .normal(deviation: 2)))
        #expect(normal != values("a", 2, .normal(deviation: 2)))
        let mean = normal.reduce(0, +) / 10_000
        let variance = normal.map { $0 * $0 }.reduce(0, +) / 10_000
        #expect(abs(mean) < 0.08 && abs(variance - 4) < 0.2)
        #expect(values("a", 1, .truncatedNormal(deviation: 1)).allSatisfy { abs($0) <= 2 })
    }

    @Test("A parameter moves by its own rate") func rates() {
        let change = [Float(1), 0.1].map { rate in
            let parameter = Parameter(name: "x", shape: [2, 3], rate: rate)
            Initialization.ones.fill(parameter, seed: 1)
            let (store, tape) = (ParameterStore(), Tape())
            store.add(parameter)
            tape.backward(tape.crossEntropy(tape.rows(of: parameter, [0, 1]), SoftTargets(tokens: [2, 0])))
            AdamW(learningRate: 0.01).update(store, step: 1, tape.team)
            return 1 - parameter.matrix[0, 0]
        }
        #expect(change[0] > 0.005 && abs(change[1] - change[0] / 10) < 1e-5)
    }

    @Test("Dropout drops its share, keeps the mean, and depends on seed and place") func dropout() {
        let tape = Tape()
        let x = tape.constant(Matrix(rows: 100, columns: 200, values: [Float](repeating: 1, count: 20_000)))
        let y = tape.matrix(tape.dropout(x, rate: 0.25, seed: 7)).values
        let dropped = y.count { $0 == 0 }
        #expect(abs(dropped - 5000) < 250)
        #expect(y.allSatisfy { $0 == 0 || abs($0 - 4 / 3) < 1e-6 })
        #expect(y == tape.matrix(tape.dropout(x, rate: 0.25, seed: 7)).values)
        #expect(y != tape.matrix(tape.dropout(x, rate: 0.25, seed: 8)).values)
    }
}
