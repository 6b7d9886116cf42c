import Foundation
import Memory
import Search
import Storage

/// What stands beside the segments of an index: a generator, a query encoder, docids, queries, or one of your
/// own.
public protocol IndexPart: Sendable {
    /// What the part says of itself; the manifest keeps it, so that nobody need open the part to know.
    associatedtype Description: Codable & Sendable & Equatable

    static var kind: ComponentID { get }

    /// Reads and checks all of a folder, whose files are those that were put there.
    init(_ folder: PartFolder, in environment: PartEnvironment) throws

    var description: Description { get }
}

/// What parts are read with: the index that they belong to, and what else they need, by its type: an encoder,
/// a precision.
public struct PartEnvironment: Sendable {
    public let snapshot: IndexSnapshot
    public var values = TypedValues()

    public init(_ snapshot: IndexSnapshot) { self.snapshot = snapshot }
}

/// A part's folder.
public struct PartFolder: Sendable {
    public let record: PartRecord
    public let url: URL
    /// From the passages as the part counts them to those of the index.
    public var passages: PassageMap { get throws { try PassageMap(record, in: snapshot) } }
    private let snapshot: IndexSnapshot

    init(_ record: PartRecord, url: URL, of snapshot: IndexSnapshot) {
        (self.record, self.url, self.snapshot) = (record, url, snapshot)
    }

    public func path(_ name: String) -> String { url.appending(path: name).path }

    /// Whether all files are those that the manifest names; reads them, of containers the head.
    ///
    /// - Throws: ``StorageError``.
    public func check() throws(StorageError) {
        for file in record.files.files {
            guard try FileRecord(of: path(file.name)) == file else { throw .foreign(path: path(file.name)) }
        }
    }

    /// ``check()``, and all bytes of containers.
    public func verify() throws(StorageError) {
        try check()
        for file in record.files.files where FileRecord.isContainer(file.name) { try Container.verify(path(file.name)) }
    }
}
