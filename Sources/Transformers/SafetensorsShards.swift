import Foundation
import Memory
import Storage

/// The tensors of one safetensors file, or of the several that an index names.
struct SafetensorsShards: Sendable {
    let path: String
    private let files: [Safetensors]
    /// The file of each tensor.
    private let places: [String: Int]

    /// A checkpoint in one file.
    init(file: URL) throws(ModelError) {
        path = file.path
        let tensors = try Safetensors(contentsOf: file)
        files = [tensors]
        places = Dictionary(tensors.entries.map { ($0.name, 0) }, uniquingKeysWith: { first, _ in first })
    }

    /// Opens every shard of a `model.safetensors.index.json` and checks that each tensor of its
    /// weight map is where the map says.
    ///
    /// - Throws: ``ModelError`` when the index is damaged, a shard is missing or lies outside of the
    ///   index's folder, or a tensor is not in its shard.
    init(index: URL) throws(ModelError) {
        path = index.path
        guard let members = try ModelFile.json(index)["weight_map"]?.members else {
            throw .malformed(path: index.path, reason: "there is no weight_map")
        }
        let folder = index.deletingLastPathComponent()
        var files: [Safetensors] = []
        var numbers: [String: Int] = [:]
        var places: [String: Int] = [:]
        for member in members {
            guard let name = member.value.string, SafetensorsShards.isPlain(name) else {
                throw .malformed(
                    path: index.path,
                    reason: "the shard of the tensor \(member.key) must be a file of the same folder")
            }
            let number = numbers[name] ?? files.count
            if number == files.count {
                files.append(try SafetensorsShards.open(folder.appendingPathComponent(name)))
                numbers[name] = number
            }
            guard files[number].entry(member.key) != nil else {
                throw .malformed(
                    path: index.path, reason: "the tensor \(member.key) is not in its shard \(name)")
            }
            guard places.updateValue(number, forKey: member.key) == nil else {
                throw .malformed(path: index.path, reason: "the tensor \(member.key) is listed twice")
            }
        }
        self.files = files
        self.places = places
    }

    /// The names of the files, which are all in one folder.
    var fileNames: [String] { files.map { URL(fileURLWithPath: $0.path).lastPathComponent } }

    var tensors: [Checkpoint.Tensor] {
        files.enumerated().flatMap { number, file in
            file.entries.filter { places[$0.name] == number }.map {
                .init(
                    name: $0.name, shape: $0.shape, type: $0.type.rawValue, byteCount: $0.range.count)
            }
        }
    }

    func entry(_ name: String) -> Safetensors.Entry? {
        places[name].flatMap { files[$0].entry(name) }
    }

    func floats(_ name: String, shape: [Int]) throws(ModelError) -> FrozenArray<Float> {
        guard let number = places[name] else {
            throw .malformed(path: path, reason: "there is no tensor \(name)")
        }
        return try files[number].floats(name, shape: shape)
    }

    private static func open(_ shard: URL) throws(ModelError) -> Safetensors {
        let bytes = try ModelFile.map(shard)
        if PickledWeights.isContent(bytes) { throw PickledWeights.refusal(shard) }
        return try Safetensors(bytes: bytes, path: shard.path)
    }

    /// A name without separators that no parent folder hides behind.
    private static func isPlain(_ name: String) -> Bool {
        !name.isEmpty && name != "." && name != ".."
            && !name.utf8.contains { $0 < 0x20 || $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "\\") }
    }
}
