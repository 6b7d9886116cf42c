import Memory

/// Takes the named sections of a structure as they are made: a file, or memory.
public protocol SectionSink: AnyObject {
    /// Starts a section whose bytes come in pieces.
    func begin(_ name: String) throws(StorageError)
    /// Adds bytes to the open section.
    func append(_ bytes: UnsafeRawBufferPointer) throws(StorageError)
    /// Ends the open section.
    func end() throws(StorageError)
}

extension SectionSink {
    /// Writes one whole section.
    public func write<T>(_ name: String, _ array: FrozenArray<T>) throws(StorageError) {
        try begin(name)
        try append(array)
        try end()
    }

    /// Writes one whole section from an array.
    public func write<T: BitwiseCopyable & Sendable>(_ name: String, _ array: [T]) throws(StorageError) {
        try write(name, FrozenArray(array))
    }

    /// Adds an array's bytes to the open section.
    public func append<T>(_ array: FrozenArray<T>) throws(StorageError) {
        try array.withUnsafeBuffer { buffer throws(StorageError) in
            try append(UnsafeRawBufferPointer(buffer))
        }
    }
}

/// Gives the named sections of a structure back.
public protocol SectionSource {
    /// What errors call the source: a path, for a file.
    var path: String { get }
    func contains(_ name: String) -> Bool
    func bytes(_ name: String) throws(StorageError) -> FrozenArray<UInt8>
}

extension SectionSource {
    /// A section as elements of a plain type.
    public func section<T: BitwiseCopyable & Sendable>(
        _ name: String, of type: T.Type
    ) throws(StorageError) -> FrozenArray<T> {
        guard let elements = try bytes(name).elements(of: type) else {
            throw .damaged(path: path, what: "section \(name) is not a whole number of elements")
        }
        return elements
    }
}

/// Sections kept in memory: the form of a structure that is used without being stored.
package final class MemorySections: SectionSink, SectionSource {
    private var finished: [String: FrozenArray<UInt8>] = [:]
    private var name = ""
    private var open: [UInt8] = []

    package init() {}

    package var path: String { "memory" }

    /// The names of all sections, in order.
    package var names: [String] { finished.keys.sorted() }

    package func begin(_ name: String) {
        self.name = name
        open = []
    }

    package func append(_ bytes: UnsafeRawBufferPointer) { open.append(contentsOf: bytes) }

    package func end() {
        finished[name] = FrozenArray(open)
        open = []
    }

    package func contains(_ name: String) -> Bool { finished[name] != nil }

    package func bytes(_ name: String) throws(StorageError) -> FrozenArray<UInt8> {
        guard let bytes = finished[name] else {
            throw .damaged(path: path, what: "section \(name) is missing")
        }
        return bytes
    }
}
