import Memory
import Transformers

/// Writes GGUF files for the tests, damaged ones too.
struct GGUFBuilder {
    struct Tensor {
        var name: String
        /// In the file's order, innermost first.
        var dimensions: [UInt64]
        var type: UInt32 = 0
        var bytes: [UInt8]
        /// Where it claims to be; after the tensor before it when nil.
        var offset: UInt64?

        init(
            _ name: String, _ dimensions: [UInt64], type: UInt32 = 0, bytes: [UInt8]? = nil,
            offset: UInt64? = nil
        ) {
            self.name = name
            self.dimensions = dimensions
            self.type = type
            self.bytes = bytes ?? [UInt8](repeating: 0, count: Int(dimensions.reduce(4, &*) % 65_536))
            self.offset = offset
        }
    }

    enum Value {
        case u32(UInt32)
        case f32(Float)
        case string(String)
        case strings([String])
        case i32s([Int32])
        /// A type and its bytes.
        case raw(UInt32, [UInt8])
    }

    var version: UInt32 = 3
    var tensorCount: UInt64?
    var pairCount: UInt64?
    var pairs: [(String, Value)]
    var tensors: [Tensor] = [Tensor("token_embd.weight", [32, 4])]

    init(architecture: String = "llama") {
        pairs = [("general.architecture", .string(architecture))]
        let sizes: [(String, UInt32)] = [
            ("context_length", 64), ("embedding_length", 32), ("block_count", 1),
            ("feed_forward_length", 48), ("attention.head_count", 4), ("attention.head_count_kv", 2),
        ]
        pairs += sizes.map { ("\(architecture).\($0)", .u32($1)) }
    }

    mutating func set(_ key: String, _ value: Value) {
        pairs.removeAll { $0.0 == key }
        pairs.append((key, value))
    }

    static func little<T: FixedWidthInteger>(_ value: T) -> [UInt8] {
        withUnsafeBytes(of: value.littleEndian) { Array($0) }
    }

    static func text(_ text: String) -> [UInt8] { little(UInt64(text.utf8.count)) + Array(text.utf8) }

    private static func bytes(_ value: Value) -> [UInt8] {
        switch value {
        case .u32(let value): little(UInt32(4)) + little(value)
        case .f32(let value): little(UInt32(6)) + little(value.bitPattern)
        case .string(let value): little(UInt32(8)) + text(value)
        case .strings(let values):
            little(UInt32(9)) + little(UInt32(8)) + little(UInt64(values.count)) + values.flatMap(text)
        case .i32s(let values):
            little(UInt32(9)) + little(UInt32(5)) + little(UInt64(values.count))
                + values.flatMap { little($0) }
        case .raw(let type, let bytes): little(type) + bytes
        }
    }

    func bytes() -> [UInt8] {
        var output = Array("GGUF".utf8) + GGUFBuilder.little(version)
        output += GGUFBuilder.little(tensorCount ?? UInt64(tensors.count))
        output += GGUFBuilder.little(pairCount ?? UInt64(pairs.count))
        for (key, value) in pairs { output += GGUFBuilder.text(key) + GGUFBuilder.bytes(value) }
        var data: [UInt8] = []
        for tensor in tensors {
            output += GGUFBuilder.text(tensor.name) + GGUFBuilder.little(UInt32(tensor.dimensions.count))
            for dimension in tensor.dimensions { output += GGUFBuilder.little(dimension) }
            output += GGUFBuilder.little(tensor.type)
            output += GGUFBuilder.little(tensor.offset ?? UInt64(data.count))
            data += tensor.bytes
            data += [UInt8](repeating: 0, count: (32 - data.count % 32) % 32)
        }
        output += [UInt8](repeating: 0, count: (32 - output.count % 32) % 32)
        return output + data
    }

    func open() throws -> Checkpoint {
        try Checkpoint(gguf: FrozenArray(bytes()), path: "test.gguf")
    }
}
