import Foundation
import Storage
import Transformers

/// A small checkpoint in memory, to be damaged and written to a folder.
struct EditedCheckpoint {
    struct Tensor {
        var name: String
        var shape: [Int]
        var bytes: [UInt8]
    }

    var configuration: [JSONValue.Member]
    var generation: [JSONValue.Member]?
    var tensors: [Tensor]

    init(_ name: String) throws {
        let url = Fixture.url(name)
        configuration = try Fixture.json(name + "/config.json").members ?? []
        generation = try? Fixture.json(name + "/generation_config.json").members
        let file = [UInt8](try Data(contentsOf: url.appendingPathComponent("model.safetensors")))
        let length = (0..<8).reduce(0) { $0 | Int(file[$1]) << (8 * $1) }
        let header = try JSONValue(parsing: Array(file[8..<8 + length]))
        tensors = (header.members ?? []).filter { $0.key != "__metadata__" }.map { member in
            let offsets = (member.value["data_offsets"]?.array ?? []).compactMap(\.int)
            return Tensor(
                name: member.key, shape: (member.value["shape"]?.array ?? []).compactMap(\.int),
                bytes: Array(file[8 + length + offsets[0]..<8 + length + offsets[1]]))
        }
    }

    /// Replaces a member of `config.json`; nil takes it out.
    mutating func set(_ key: String, _ value: JSONValue?) {
        configuration.removeAll { $0.key == key }
        if let value { configuration.append(.init(key, value)) }
    }

    func write(to folder: URL) throws {
        func write(_ name: String, _ bytes: [UInt8]) throws {
            try EditedCheckpoint.write(bytes, to: folder.appendingPathComponent(name))
        }
        try write("config.json", JSONValue.object(configuration).bytes())
        if let generation { try write("generation_config.json", JSONValue.object(generation).bytes()) }
        var data: [UInt8] = []
        let header = JSONValue.object(
            tensors.map { tensor in
                let start = data.count
                data += tensor.bytes
                func numbers(_ values: [Int]) -> JSONValue { .array(values.map { .number(Double($0)) }) }
                return .init(
                    tensor.name,
                    .object([
                        .init("dtype", .string("F32")), .init("shape", numbers(tensor.shape)),
                        .init("data_offsets", numbers([start, data.count])),
                    ]))
            }
        ).bytes()
        try write("model.safetensors", GGUFBuilder.little(UInt64(header.count)) + header + data)
    }

    /// Writes a file without waiting for the disk, for which `Data` waits.
    static func write(_ bytes: [UInt8], to url: URL) throws {
        _ = FileManager.default.createFile(atPath: url.path, contents: nil)
        let file = try FileHandle(forWritingTo: url)
        try file.write(contentsOf: bytes)
        try file.close()
    }
}
