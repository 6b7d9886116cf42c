import Search
import Storage

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
