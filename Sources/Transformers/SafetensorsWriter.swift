import Foundation
import Memory
import Storage

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Writes named tensors as a safetensors file (https://github.com/huggingface/safetensors).
///
/// Tensors stand in the file in order of their names, so that equal tensors give equal bytes.
package struct SafetensorsWriter {
    private enum Values {
        case floats(FrozenArray<Float>)
        /// What is written as it stands.
        case bytes(FrozenArray<UInt8>)
    }

    private struct Tensor {
        let name: String
        let shape: [Int]
        let type: Safetensors.ElementType
        let values: Values

        var byteCount: Int { shape.reduce(type.byteCount, *) }
    }

    private var tensors: [Tensor] = []
    /// Strings beside the tensors, under names.
    package var metadata: [String: String] = [:]

    package init() {}

    /// Adds a tensor, which is not copied, as F32 or rounded to F16 when the file is written.
    package mutating func add(
        _ name: String, shape: [Int], _ values: FrozenArray<Float>,
        as type: Safetensors.ElementType = .float32
    ) {
        precondition(type == .float32 || type == .float16, "floats are written as F32 or F16")
        add(Tensor(name: name, shape: shape, type: type, values: .floats(values)), count: values.count)
    }

    /// Adds a tensor of integers, which are copied, as I32.
    package mutating func add(_ name: String, shape: [Int], _ values: [Int32]) {
        let bytes = values.withUnsafeBytes { Array($0) }
        add(Tensor(name: name, shape: shape, type: .int32, values: .bytes(FrozenArray(bytes))), count: values.count)
    }

    /// Adds a tensor of integers, which are copied, as I64.
    package mutating func add(_ name: String, shape: [Int], _ values: [Int64]) {
        let bytes = values.withUnsafeBytes { Array($0) }
        add(Tensor(name: name, shape: shape, type: .int64, values: .bytes(FrozenArray(bytes))), count: values.count)
    }

    private mutating func add(_ tensor: Tensor, count: Int) {
        precondition(count == tensor.shape.reduce(1, *), "the shape must fit the elements")
        precondition(!tensors.contains { $0.name == tensor.name }, "two tensors are named \(tensor.name)")
        tensors.append(tensor)
    }

    /// Writes beside the place, forces it to the disk and moves it into place: whoever opens the
    /// file finds the old one or the new one. What a killed writer leaves beside it is removed by the
    /// next.
    ///
    /// - Throws: ``ModelError/unwritable(path:reason:)`` with the system's reason.
    package func write(to url: URL) throws(ModelError) {
        let sorted = tensors.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        do throws(OutputFile.Failure) {
            var file = try OutputFile(path: url.path)
            try Self.put(header(sorted), &file)
            for tensor in sorted { try Self.put(tensor, &file) }
            try file.finish()
        } catch {
            throw .unwritable(path: error.path, reason: error.reason)
        }
    }

    /// The length and the JSON, padded with spaces so that tensors are aligned.
    private func header(_ sorted: [Tensor]) -> [UInt8] {
        var members: [JSONValue.Member] = []
        if !metadata.isEmpty {
            let texts = metadata.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
            members.append(.init("__metadata__", .object(texts.map { .init($0.key, .string($0.value)) })))
        }
        var position = 0
        for tensor in sorted {
            let end = position + tensor.byteCount
            members.append(
                .init(
                    tensor.name,
                    .object([
                        .init("dtype", .string(tensor.type.rawValue)),
                        .init("shape", .array(tensor.shape.map { .number(Double($0)) })),
                        .init("data_offsets", .array([.number(Double(position)), .number(Double(end))])),
                    ])))
            position = end
        }
        var json = JSONValue.object(members).bytes()
        json += repeatElement(UInt8(ascii: " "), count: -(json.count + 8) & 63)
        return withUnsafeBytes(of: UInt64(json.count).littleEndian) { Array($0) } + json
    }

    private static func put(_ tensor: Tensor, _ file: inout OutputFile) throws(OutputFile.Failure) {
        switch tensor.values {
        case .floats(let values) where tensor.type == .float16: try put(HalfPrecision.bytes(values), &file)
        case .floats(let values): try put(values, &file)
        case .bytes(let values): try put(values, &file)
        }
    }

    private static func put<Element>(
        _ values: FrozenArray<Element>, _ file: inout OutputFile
    ) throws(OutputFile.Failure) {
        try values.withUnsafeBuffer { (buffer) throws(OutputFile.Failure) in
            try file.write(UnsafeRawBufferPointer(buffer))
        }
    }

    private static func put(_ bytes: [UInt8], _ file: inout OutputFile) throws(OutputFile.Failure) {
        try bytes.withUnsafeBufferPointer { (buffer) throws(OutputFile.Failure) in
            try file.write(UnsafeRawBufferPointer(buffer))
        }
    }
}
