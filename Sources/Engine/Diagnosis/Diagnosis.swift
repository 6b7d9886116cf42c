import Foundation
import IndexStore
import Transformers

/// What a person who asks why something does not run, or reports a fault, must know: of the machine, of its models, and
/// of an index. Nothing in it is private: no environment, no text, no query.
public struct Diagnosis: Sendable {
    /// Of genret.
    public var version = GenretVersion.current
    public var machine: MachineFacts
    public var models: ModelFacts
    /// Nil where no index was asked for.
    public var index: Result<IndexDiagnosis, EngineError>?

    /// - Parameters:
    ///   - path: of an index, or nil.
    ///   - cache: where models are looked for.
    ///   - registry: the retrievers that there are.
    ///   - isDeep: hashes models, and checks every checksum of the index.
    /// - Complexity: as ``Engine/warm()``; deep, as much as reading all files.
    public init(
        index path: String? = nil, models cache: ModelCache = .standard, registry: Registry = .standard,
        isDeep: Bool = false
    ) {
        machine = MachineFacts()
        models = ModelFacts(cache, isDeep: isDeep)
        index = path.map { path in
            Result { () throws(EngineError) in
                IndexDiagnosis(
                    try Engine.open(path, models: cache, waitsForChecks: true, registry: registry), isDeep: isDeep)
            }
        }
    }
}

/// The models of this machine.
public struct ModelFacts: Sendable {
    public struct Model: Sendable {
        public var name: String
        /// Of a known model the bytes that it should have, of another those that it has.
        public var bytes: Int
        public var isKnown: Bool
        /// Whether it came with genret and is not in the user's cache.
        public var isShipped = false
        public var state: ModelCache.State
    }

    public var directory: URL
    public var exists: Bool
    /// Whether models can be fetched into it; of a folder that is not there yet, whether it can be made.
    public var isWritable: Bool
    /// Free for this user on its file system; nil where the system does not say.
    public var freeBytes: Int?
    /// The known ones, then those that came with genret or were added by hand.
    public var models: [Model]

    init(_ cache: ModelCache, isDeep: Bool) {
        directory = cache.directory
        let files = FileManager.default
        exists = files.fileExists(atPath: directory.path)
        var nearest = directory.standardizedFileURL
        while !files.fileExists(atPath: nearest.path), nearest.path != "/" { nearest.deleteLastPathComponent() }
        var isFolder: ObjCBool = false
        _ = files.fileExists(atPath: nearest.path, isDirectory: &isFolder)
        isWritable = isFolder.boolValue && files.isWritableFile(atPath: nearest.path)
        freeBytes =
            ((try? files.attributesOfFileSystem(forPath: nearest.path))?[.systemFreeSize] as? NSNumber)?.intValue
        let others = cache.list().filter { $0.known == nil }
        models =
            KnownModel.all.map {
                Model(
                    name: $0.name, bytes: $0.byteCount, isKnown: true, state: cache.state(of: $0.name, isDeep: isDeep))
            }
            + others.map {
                Model(
                    name: $0.name, bytes: $0.byteCount, isKnown: false, isShipped: $0.isShipped,
                    state: cache.state(of: $0.name, isDeep: isDeep))
            }
    }
}
