import Foundation
import Memory
import Search
import Storage

/// One segment of a snapshot, and what is deleted of it.
public final class SegmentSnapshot: Sendable {
    public let record: SegmentRecord
    let own: ComponentFolder
    let renewed: ComponentFolder?
    let deleted: ComponentFolder?

    /// - Parameter place: where a folder is that the manifest names.
    init(_ record: SegmentRecord, _ checks: LateChecks, place: (String) -> URL) {
        self.record = record
        own = ComponentFolder(record.files, passages: record.passages, url: place(record.files.folder), checks: checks)
        renewed = record.renewed.map {
            ComponentFolder($0, passages: record.passages, url: place($0.folder), checks: checks)
        }
        deleted = record.deleted.map {
            ComponentFolder($0.files, passages: $0.passages, url: place($0.files.folder), checks: checks)
        }
    }

    /// Whether the segment has a component's file.
    public func has(_ type: (some SegmentComponent).Type) -> Bool {
        folder(of: type.fileName).files.contains(type.fileName)
    }

    /// The path of a component's file.
    public func path(of type: (some SegmentComponent).Type) -> String {
        folder(of: type.fileName).url.appending(path: type.fileName).path
    }

    /// Where a file is that is read: a renewed one, or the segment's own.
    private func folder(of file: String) -> ComponentFolder {
        if let renewed, renewed.files.contains(file) { renewed } else { own }
    }

    /// A component; one caller opens it, others wait.
    ///
    /// - Throws: ``StorageError`` where the file is missing, damaged, another, or of other passages.
    public func component<Component: SegmentComponent>(_ type: Component.Type) throws -> Component {
        try folder(of: type.fileName).component(type)
    }

    /// The same component over the deleted passages alone, which are numbered in their order; nil where none are.
    ///
    /// - Throws: as ``component(_:)``.
    package func componentOfDeleted<Component: SegmentComponent>(_ type: Component.Type) throws -> Component? {
        try deleted?.component(type)
    }

    /// The passages that are not deleted; nil where all are there.
    ///
    /// - Throws: ``StorageError`` where the file is missing or damaged.
    public func living() throws -> PlaceSet? {
        guard let deleted else { return nil }
        try own.checkPassages()
        let places = try deleted.component(DeletedPlaces.self).places
        guard places.last.map({ $0 < record.passages }) ?? true else {
            throw StorageError.damaged(path: deleted.url.path, what: "a deleted passage that the segment does not have")
        }
        return PlaceSet(places, capacity: record.passages).inverted
    }

    /// The sections of a file, whose contents are not read.
    package func sections(of file: String) throws(StorageError) -> [Container.Section] {
        try Container.sections(of: folder(of: file).url.appending(path: file).path)
    }

    /// Checks all files, also of components that nobody knows.
    public func verify() throws(StorageError) {
        try own.verify()
        try renewed?.verify()
        try deleted?.verify()
    }
}
