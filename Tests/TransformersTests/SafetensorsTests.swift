import Foundation
import Memory
import TestSupport
import Testing
import Transformers

@Suite struct SafetensorsTests {
    private func file(_ header: String, data: [UInt8], length: UInt64? = nil) throws -> Safetensors {
        try Safetensors(bytes: FrozenArray(bytes(header, data, length)), path: "test.safetensors")
    }

    private func bytes(_ header: String, _ data: [UInt8], _ length: UInt64? = nil) -> [UInt8] {
        let count = length ?? UInt64(header.utf8.count)
        return (0..<8).map { UInt8(truncatingIfNeeded: count >> (8 * $0)) } + Array(header.utf8) + data
    }

    @Test("Every element type that can be converted") func conversions() throws {
        let header = """
            {"__metadata__":{"format":"pt"},
            "half":{"dtype":"F16","shape":[6],"data_offsets":[0,12]},
            "brain":{"dtype":"BF16","shape":[2],"data_offsets":[12,16]},
            "single":{"dtype":"F32","shape":[1,2],"data_offsets":[16,24]},
            "whole":{"dtype":"I64","shape":[1],"data_offsets":[24,32]},
            "none":{"dtype":"F32","shape":[0],"data_offsets":[32,32]}}
            """
        let halves: [UInt16] = [0x3C00, 0xC100, 0x0001, 0x7BFF, 0x7C00, 0x8000]
        let brains: [UInt16] = [0x3F80, 0xC040]
        var data = (halves + brains).flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
        for value: Float in [1.5, -0.25] {
            withUnsafeBytes(of: value.bitPattern.littleEndian) { data += Array($0) }
        }
        data += [UInt8](repeating: 0, count: 8)
        let file = try file(header, data: data)
        #expect(file.entries.count == 5)
        let half = try file.floats("half", shape: [6]).toArray()
        #expect(half == [1, -2.5, 0x1p-24, 65504, .infinity, 0])
        #expect(half[5].sign == .minus)
        #expect(try file.floats("brain", shape: [2]).toArray() == [1, -3])
        #expect(try file.floats("single", shape: [1, 2]).toArray() == [1.5, -0.25])
        #expect(try file.floats("none", shape: [0]).isEmpty)
        #expect(throws: ModelError.self) { try file.floats("whole", shape: [1]) }
        #expect(throws: ModelError.self) { try file.floats("single", shape: [2]) }
        #expect(throws: ModelError.self) { try file.floats("absent", shape: [2]) }
    }

    @Test("Integers are written and read again, and no others are") func integers() throws {
        let folder = try TemporaryFolder()
        let url = folder.url.appending(path: "model.safetensors")
        var writer = SafetensorsWriter()
        writer.add("narrow", shape: [2, 2], [1, -2, 3, .max] as [Int32])
        writer.add("wide", shape: [3], [0, -1, 2_147_483_647] as [Int64])
        writer.add("huge", shape: [1], [1 << 40] as [Int64])
        writer.add("floats", shape: [1], FrozenArray<Float>([1]))
        writer.add("none", shape: [0], [] as [Int32])
        try writer.write(to: url)
        let file = try Safetensors(contentsOf: url)
        #expect(file.entry("narrow")?.shape == [2, 2] && file.entry("narrow")?.type == .int32)
        #expect(try file.integers("narrow") == [1, -2, 3, .max])
        #expect(try file.integers("wide") == [0, -1, .max] && file.entry("wide")?.type == .int64)
        #expect(try file.integers("none").isEmpty)
        #expect(try file.floats("floats", shape: [1]).toArray() == [1])
        for name in ["huge", "floats", "absent"] { #expect(throws: ModelError.self) { try file.integers(name) } }
        #expect(throws: ModelError.self) { try file.floats("narrow", shape: [2, 2]) }
    }

    @Test(
        "Headers that contradict the file",
        arguments: [
            "[]", "{", "{\"a\":{}}", "{\"a\":3}",
            entry("F32", "[2]", "[0,4]"), entry("F32", "[2]", "[4,12]"), entry("F32", "[1]", "[-4,0]"),
            entry("F32", "[-1]", "[0,4]"), entry("F99", "[1]", "[0,4]"), entry("F32", "[1]", "[4,0]"),
            entry("F32", "[1]", "[0]"), entry("F32", "[1.5]", "[0,4]"), entry("F32", "\"1\"", "[0,4]"),
            entry("F32", "[4611686018427387904,4611686018427387904]", "[0,4]"),
            entry("F32", "[1e300]", "[0,4]"), entry("F32", "[1]", "[0,1e18]"),
            entry("F32", "[1,1,1,1,1,1,1,1,1]", "[0,4]"),
            "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},"
                + "\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[2,6]}}",
            "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},"
                + "\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}",
        ])
    func contradictions(header: String) {
        #expect(throws: ModelError.self) { try file(header, data: [UInt8](repeating: 0, count: 8)) }
    }

    @Test("Lengths of the header", arguments: [0, 1, 3, 100, UInt64.max, 1 << 63, 1 << 40])
    func lengths(length: UInt64) {
        #expect(throws: ModelError.self) { try file("{}", data: [], length: length) }
    }

    @Test func notUTF8() {
        #expect(throws: ModelError.self) {
            try Safetensors(
                bytes: FrozenArray([5, 0, 0, 0, 0, 0, 0, 0, 0x7B, 0x22, 0xFF, 0x22, 0x7D]), path: "x")
        }
    }

    @Test("A damaged checkpoint throws or loads, and never traps") func damage() throws {
        let original = Array(
            try Data(contentsOf: Fixture.tinyBERT.appendingPathComponent("model.safetensors")))
        let header = 8 + Int(original[0]) + Int(original[1]) << 8
        var generator = SeededGenerator(seed: 9)
        for length in stride(from: 0, to: original.count, by: 4_001) {
            #expect(throws: ModelError.self) {
                try Safetensors(bytes: FrozenArray(Array(original.prefix(length))), path: "cut")
            }
        }
        for _ in 0..<400 {
            var bytes = original
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                bytes[Int.random(in: 0..<header, using: &generator)] =
                    UInt8.random(in: 0...255, using: &generator)
            }
            guard let file = try? Safetensors(bytes: FrozenArray(bytes), path: "damaged") else { continue }
            for entry in file.entries { _ = try? file.floats(entry.name, shape: entry.shape) }
        }
    }

    private static func entry(_ type: String, _ shape: String, _ offsets: String) -> String {
        "{\"a\":{\"dtype\":\"\(type)\",\"shape\":\(shape),\"data_offsets\":\(offsets)}}"
    }
}
