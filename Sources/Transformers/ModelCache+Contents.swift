import Foundation
import Memory
import Storage

extension ModelCache {
    /// A model of the cache.
    public struct Entry: Sendable {
        public let name: String
        public let directory: URL
        /// The size of its files, in bytes.
        public let byteCount: Int
        /// Whether it lies elsewhere than in the user's cache, as what came with genret does in ``ModelCache/shipped``.
        public let isShipped: Bool
        /// The registry's description, when the model is a known one.
        package let known: KnownModel?
    }

    /// The models of the cache and those that came with genret, by name.
    public func list() -> [Entry] {
        let names = [directory, shipped].compactMap { $0 }.flatMap { folder in
            (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        }
        return Set(names + elsewhere.keys).sorted().compactMap { name in
            guard let folder = directory(of: name) else { return nil }
            return Entry(
                name: name, directory: folder, byteCount: ModelCache.size(of: folder),
                isShipped: ownDirectory(of: name) == nil, known: KnownModel.all.first { $0.name == name })
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
            try check(folder)
        }
    }

    /// Checks the files of a known model beside its weights, which an edit would change unseen; of any other
    /// nothing is known to check.
    ///
    /// - Throws: ``ModelError`` when one is not the expected file.
    package func verifySmallFiles(of name: String) throws(ModelError) {
        guard let folder = directory(of: name), let model = KnownModel.all.first(where: { $0.name == name })
        else { return }
        try verify(model, in: folder, upTo: 1 << 20)
    }

    package func verify(_ model: KnownModel, in folder: URL, upTo largest: Int = .max) throws(ModelError) {
        for file in model.files where file.byteCount <= largest {
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

    /// Removes a model from the cache; a linked folder itself stays, and so does what came with genret.
    ///
    /// - Throws: ``ModelError`` when the model is not in the user's cache.
    public func remove(_ name: String) throws(ModelError) {
        guard let folder = ownDirectory(of: name) else {
            if let folder = directory(of: name) {
                let place = elsewhere[name] == folder ? "lies outside of the cache" : "came with genret"
                throw .unwritable(path: folder.path, reason: "the model \(place) and stays")
            }
            throw .unreadable(
                path: directory.appendingPathComponent(name).path, reason: "the model is not there")
        }
        // Without a trailing slash, which would follow a link.
        let entry = URL(fileURLWithPath: folder.path, isDirectory: false)
        try ModelCache.attempt(entry) { try FileManager.default.removeItem(at: entry) }
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

    /// Reads all of a model, which may be a trained generator for an encoder of the cache.
    ///
    /// - Throws: ``ModelError`` when it is damaged or cannot be used.
    func check(_ model: URL) throws(ModelError) {
        let checkpoint = try Checkpoint(contentsOf: model)
        guard checkpoint.configuration["model_type"]?.string == GeneratorConfiguration.type else {
            _ = try checkpoint.verify()
            return
        }
        let path = model.appendingPathComponent("config.json").path
        let name = try GeneratorConfiguration(checkpoint.configuration, path: path).encoder
        guard let encoder = directory(of: name) else {
            throw .unsupported(path: path, reason: "it reads the encoder \(name), which is not in the cache")
        }
        _ = try GeneratorModel(directory: model, encoder: SentenceEncoder(directory: encoder))
    }
}
