import Foundation
import Memory
import Search
import Storage
import Synchronization

/// One file of a segment, opened: ids and texts, n-grams, terms, vectors, docids, or one of your own.
public protocol SegmentComponent: Sendable {
    /// Its name: the file is `id.gnr`.
    static var id: ComponentID { get }
    /// The kind that the file's header says.
    static var fileKind: String { get }
    var passageCount: Int { get }

    /// Opens a file whose checksums are right.
    ///
    /// - Throws: ``StorageError`` and the structure's own errors where it contradicts itself.
    init(_ container: Container) throws
}

extension SegmentComponent {
    public static var fileName: String { id.name + ".gnr" }
}

/// One segment of a snapshot. Its components are opened, and every byte of them checked, when they are first
/// asked for; what failed is tried again the next time.
public final class SegmentSnapshot: Sendable {
    public let record: SegmentRecord
    private let folder: URL
    private let components = Mutex(TypedValues())

    init(_ record: SegmentRecord, folder: URL) { (self.record, self.folder) = (record, folder) }

    /// Whether the segment has a component's file.
    public func has(_ type: (some SegmentComponent).Type) -> Bool { record.files.contains(type.fileName) }

    /// The path of a component's file.
    public func path(of type: (some SegmentComponent).Type) -> String { folder.appending(path: type.fileName).path }

    /// A component; one caller opens it, others wait.
    ///
    /// - Throws: ``StorageError`` where the file is missing, damaged, another, or of other passages.
    public func component<Component: SegmentComponent>(_ type: Component.Type) throws -> Component {
        try components.withLock { known in
            if let component = known[type] { return component }
            let component = try open(type)
            known[type] = component
            return component
        }
    }

    private func open<Component: SegmentComponent>(_ type: Component.Type) throws -> Component {
        let path = path(of: type)
        guard let record = record.files.files.first(where: { $0.name == type.fileName }) else {
            throw StorageError.damaged(path: folder.path, what: "\(type.fileName) is missing")
        }
        let container = try Container(path: path, kind: type.fileKind, verifyingSections: false)
        guard try FileRecord(of: path) == record else { throw StorageError.foreign(path: path) }
        try container.verify()
        let component = try Component(container)
        guard component.passageCount == self.record.passages else {
            throw StorageError.damaged(
                path: path, what: "\(component.passageCount) passages instead of \(self.record.passages)")
        }
        return component
    }

    /// The sections of a file, whose contents are not read.
    package func sections(of file: String) throws(StorageError) -> [Container.Section] {
        try Container.sections(of: folder.appending(path: file).path)
    }

    /// Checks all files, also of components that nobody knows.
    public func verify() throws(StorageError) {
        for file in record.files.files {
            let path = folder.appending(path: file.name).path
            guard try FileRecord(of: path) == file else { throw .foreign(path: path) }
            if FileRecord.isContainer(file.name) { try Container.verify(path) }
        }
    }
}
