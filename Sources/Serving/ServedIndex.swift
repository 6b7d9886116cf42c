import Engine
import Foundation
import IndexStore
import Synchronization

/// An index under the name that interfaces know it by.
public final class ServedIndex: Sendable {
    public let name: String
    public let engine: Engine
    /// One change at a time: the second would wait for a lock that a request cannot wait for.
    private let isChanging = Mutex(false)

    public init(name: String, engine: Engine) { (self.name, self.engine) = (name, engine) }

    /// The generation that a call would be answered from now.
    public var generation: String { engine.reader.snapshot.id }

    /// Goes on with the newest generation, once all of it is loaded; until then the old one answers.
    ///
    /// - Returns: whether there was a newer one.
    /// - Throws: why the newest cannot be opened; the old one answers on.
    @discardableResult
    public func reload() throws -> Bool { try engine.reload(isWarm: true) }

    /// Runs a change and goes on with what it made.
    ///
    /// - Throws: ``Problem`` while another change runs; what the change throws.
    func change<Result>(_ body: () throws -> Result) throws -> Result {
        let isFirst = isChanging.withLock { isChanging in
            defer { isChanging = true }
            return !isChanging
        }
        guard isFirst else { throw Problem(.conflict, "the index is being changed; try again later") }
        defer { isChanging.withLock { $0 = false } }
        let result = try body()
        try reload()
        return result
    }
}

/// The name of an index: its folder's, without the ending.
public enum IndexName {
    /// - Returns: nil where nothing is left that can stand in a path.
    public static func of(path: String) -> String? {
        let last = URL(filePath: path).standardizedFileURL.lastPathComponent
        let name = last.hasSuffix(".genret") ? String(last.dropLast(7)) : last
        return isValid(name) ? name : nil
    }

    /// Letters, digits and `._-`, 1 to 64 of them, a letter or digit first.
    public static func isValid(_ name: String) -> Bool {
        let bytes = Array(name.utf8)
        func isWord(_ byte: UInt8) -> Bool {
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
        }
        guard let first = bytes.first, bytes.count <= 64, isWord(first) else { return false }
        return bytes.allSatisfy { isWord($0) || $0 == 0x2E || $0 == 0x5F || $0 == 0x2D }
    }
}
