import Foundation
import Storage

extension ModelCache {
    /// A model of the cache.
    public struct Entry: Sendable {
        public let name: String
        public let directory: URL
        /// The size of its files, in bytes.
        public let byteCount: Int
        /// The registry's description, when the model is a known one.
        public let known: KnownModel?
    }

    /// The models of the cache, by name.
    public func list() -> [Entry] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory.path)) ?? []
        return names.sorted().compactMap { name in
            guard let folder = directory(of: name) else { return nil }
            return Entry(
                name: name, directory: folder, byteCount: ModelCache.size(of: folder),
                known: KnownModel.all.first { $0.name == name })
        }
    }

    /// Checks a model of the cache: a known one file by file against its digests, any other by
    /// loading it.
    ///
    /// - Throws: ``ModelError`` when the model is not there or not intact.
    public func verify(_ name: String) throws(ModelError) {
        guard let folder = directory(of: name) else {
            throw .unreadable(
                path: directory.appendingPathComponent(name).path, reason: "the model is not there")
        }
        if let model = KnownModel.all.first(where: { $0.name == name }) {
            try verify(model, in: folder)
        } else {
            _ = try SentenceEncoder(directory: folder)
        }
    }

    package func verify(_ model: KnownModel, in folder: URL) throws(ModelError) {
        for file in model.files {
            let url = folder.appendingPathComponent(file.path)
            let bytes = try ModelFile.map(url)
            guard bytes.count == file.byteCount else {
                throw .malformed(
                    path: url.path, reason: "\(bytes.count) bytes; expected \(file.byteCount)")
            }
            let digest = bytes.withUnsafeBuffer { SHA256.hex(of: UnsafeRawBufferPointer($0)) }
            guard digest == file.sha256 else {
                throw .malformed(path: url.path, reason: "not the expected file")
            }
        }
    }

    /// Adds a Hugging Face folder of the user's own, after checking that it loads.
    ///
    /// - Parameters:
    ///   - path: the folder.
    ///   - name: its name in the cache; the folder's own by default.
    ///   - linking: whether the cache refers to the folder instead of copying the files that an
    ///     encoder reads.
    /// - Returns: the model's folder in the cache.
    /// - Throws: ``ModelError`` when the folder is no sentence encoder or the name is taken.
    @discardableResult
    public func add(
        _ path: URL, name: String? = nil, linking: Bool = false
    ) throws(ModelError) -> URL {
        let source = path.standardizedFileURL.resolvingSymlinksInPath()
        let name = name ?? path.standardizedFileURL.lastPathComponent
        guard directory(of: name) == nil else {
            throw .fetchFailed(name: name, reason: "the cache has a model of this name; remove it first")
        }
        _ = try SentenceEncoder(directory: source)
        return try install(name) { (staging) throws(ModelError) in
            let prepared = staging.appendingPathComponent("model")
            if linking {
                try ModelCache.attempt(prepared) {
                    try FileManager.default.createSymbolicLink(at: prepared, withDestinationURL: source)
                }
            } else {
                try ModelCache.copy(source, to: prepared)
            }
            return prepared
        }
    }

    /// Removes a model from the cache; a linked folder itself stays.
    ///
    /// - Throws: ``ModelError`` when the model is not there.
    public func remove(_ name: String) throws(ModelError) {
        guard let folder = directory(of: name) else {
            throw .unreadable(
                path: directory.appendingPathComponent(name).path, reason: "the model is not there")
        }
        // Without a trailing slash, which would follow a link.
        let entry = URL(fileURLWithPath: folder.path, isDirectory: false)
        try ModelCache.attempt(entry) { try FileManager.default.removeItem(at: entry) }
    }

    /// What an encoder reads, and what says where it came from.
    private static let encoderFiles = [
        "config.json", "tokenizer.json", "model.safetensors", "sentence_bert_config.json",
        "1_Pooling/config.json", "modules.json", "tokenizer_config.json", "special_tokens_map.json",
        "README.md", "LICENSE", "NOTICE",
    ]

    private static func copy(_ source: URL, to target: URL) throws(ModelError) {
        for file in encoderFiles {
            // Downloaded snapshots are often folders of links.
            let from = source.appendingPathComponent(file).resolvingSymlinksInPath()
            guard ModelFile.exists(from) else { continue }
            let to = target.appendingPathComponent(file)
            try makeFolder(to.deletingLastPathComponent())
            try attempt(to) { try FileManager.default.copyItem(at: from, to: to) }
        }
    }

    private static func size(of folder: URL) -> Int {
        let root = folder.resolvingSymlinksInPath()
        let keys: Set<URLResourceKey> = [.fileSizeKey, .isRegularFileKey]
        let files = FileManager.default.enumerator(at: root, includingPropertiesForKeys: Array(keys))
        var total = 0
        while let url = files?.nextObject() as? URL {
            let values = try? url.resourceValues(forKeys: keys)
            if values?.isRegularFile == true { total += values?.fileSize ?? 0 }
        }
        return total
    }
}
