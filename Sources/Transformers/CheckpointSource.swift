import Foundation
import Memory

/// Finds the weights in a folder, or says what a single file is.
struct CheckpointSource {
    enum Weights {
        case safetensors(URL)
        case index(URL)
        case gguf(URL)
    }

    let weights: Weights
    /// Whether a single file was named, not its folder.
    let isFile: Bool
    /// The folder of the weights.
    let folder: URL

    static let indexName = "model.safetensors.index.json"

    /// - Throws: ``ModelError`` when there are no weights, several, or pickled ones only.
    init(_ url: URL) throws(ModelError) {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) else {
            throw .unreadable(path: url.path, reason: "no such file or folder")
        }
        isFile = !isFolder.boolValue
        if isFolder.boolValue {
            folder = url
            weights = try CheckpointSource.search(url)
        } else {
            folder = url.deletingLastPathComponent()
            weights = try CheckpointSource.classify(url)
        }
    }

    private static func search(_ folder: URL) throws(ModelError) -> Weights {
        let single = folder.appendingPathComponent("model.safetensors")
        if ModelFile.exists(single) { return try classify(single) }
        let index = folder.appendingPathComponent(indexName)
        if ModelFile.exists(index) { return .index(index) }
        let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted()
        let files = names.filter { $0.hasSuffix(".gguf") }
        if files.count > 1 {
            throw .unsupported(
                path: folder.path,
                reason: "there are several .gguf files (\(files.joined(separator: ", "))); name one of them")
        }
        if let file = files.first { return try classify(folder.appendingPathComponent(file)) }
        if let file = names.first(where: PickledWeights.isName) {
            throw PickledWeights.refusal(folder.appendingPathComponent(file))
        }
        throw .unreadable(
            path: folder.path, reason: "there is no model.safetensors, \(indexName) or .gguf file in it")
    }

    /// What a file is, by its first bytes: names cannot be relied on.
    private static func classify(_ file: URL) throws(ModelError) -> Weights {
        let bytes = try ModelFile.map(file)
        if bytes.starts(with: Array("GGUF".utf8)) { return .gguf(file) }
        if PickledWeights.isContent(bytes) { throw PickledWeights.refusal(file) }
        if file.lastPathComponent.hasSuffix(".index.json") { return .index(file) }
        if file.pathExtension == "gguf" {
            throw .malformed(path: file.path, reason: "not a GGUF file: it does not start with GGUF")
        }
        return .safetensors(file)
    }
}

extension FrozenArray where Element == UInt8 {
    func starts(with prefix: [UInt8]) -> Bool {
        count >= prefix.count && prefix.indices.allSatisfy { self[$0] == prefix[$0] }
    }
}
