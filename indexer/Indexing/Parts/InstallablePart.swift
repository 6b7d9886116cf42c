import Engine
import Foundation
import IndexStore
import Memory
import Search
import Storage
import Transformers

/// A part that a person can put into an index from a folder: a file with one of these and a line in
/// ``InstallableParts`` are all that a new part takes.
public protocol InstallablePart: IndexPart {
    /// The files that a source folder has.
    static var files: [String] { get }

    /// Fills a folder of the index from a source that has ``files``. The default copies these.
    static func stage(
        _ source: URL, into folder: StagedFolder, in environment: PartEnvironment, _ monitor: WorkMonitor
    ) throws

    /// What an index says of such a part, in words.
    static func summary(of description: Description) -> String
}

extension InstallablePart {
    public static func stage(
        _ source: URL, into folder: StagedFolder, in environment: PartEnvironment, _ monitor: WorkMonitor
    ) throws {
        for name in files { try folder.copy(source.appending(path: name), as: name) }
    }

    /// Puts the part into the index in a folder, in the place of one that it has.
    ///
    /// - Returns: what it is, in words.
    /// - Throws: ``IndexingError`` and what reading the part throws; then the index is as it was.
    public static func set(
        _ source: URL, in index: URL, models: ModelCache = .standard, monitor: WorkMonitor = .silent
    ) throws -> String {
        var transaction = try IndexTransaction(index)
        let description = try install(
            source, in: &transaction, IndexReader(transaction.preview(), models: models), monitor)
        _ = try transaction.commit()
        return summary(of: description)
    }

    /// Puts the part into an index that is being changed.
    static func install(
        _ source: URL, in transaction: inout IndexTransaction, _ reader: IndexReader, _ monitor: WorkMonitor = .silent
    ) throws -> Description {
        try SourceFolder.check(source, has: files)
        var values = TypedValues()
        values[IndexReader.self] = reader
        return try transaction.install(Self.self, values: values) { folder, environment in
            try stage(source, into: folder, in: environment, monitor)
        }
    }

    /// What an index says of its part, in words; nil where it has none.
    public static func summary(in manifest: IndexManifest) -> String? {
        manifest.part(kind).flatMap { try? $0.description.decoded(as: Description.self) }.map(summary)
    }
}

/// The parts that a person can put into an index.
public enum InstallableParts {
    public static let all: [any InstallablePart.Type] = [
        GeneratorPart.self, DocidsPart.self, QueryEncoderPart.self,
    ]

    /// - Throws: ``IndexingError/unknownPart(name:known:)``.
    public static func named(_ name: String) throws(IndexingError) -> any InstallablePart.Type {
        guard let type = all.first(where: { $0.kind.name == name }) else {
            throw .unknownPart(name: name, known: all.map { $0.kind.name })
        }
        return type
    }

    /// Takes a part out of the index in a folder, such as "generator" or "queries/labelled".
    ///
    /// - Returns: whether there was one.
    public static func remove(_ kind: ComponentID, from index: URL) throws -> Bool {
        var transaction = try IndexTransaction(index)
        guard transaction.remove(kind) else { return false }
        _ = try transaction.commit()
        return true
    }
}

/// A folder outside an index that something is taken from.
enum SourceFolder {
    /// Refuses a path where there is no folder of a model, in a sentence that is about the path.
    static func check(_ folder: URL, has files: [String]) throws(IndexingError) {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: folder.path, isDirectory: &isFolder) else {
            throw .noFolder(path: folder.relativePath, isFile: false)
        }
        guard isFolder.boolValue else { throw .noFolder(path: folder.relativePath, isFile: true) }
        for file in files where !FileManager.default.fileExists(atPath: folder.appending(path: file).path) {
            throw .noModel(path: folder.relativePath, lacks: file)
        }
    }
}
