import Foundation
import Serving
import Synchronization

/// The indexes that callers have open, by the numbers that they know them by.
///
/// A `genret_index *` is such a number and no address: one that was closed, or that is none, is told and not followed.
final class OpenIndexes: Sendable {
    private struct Entry {
        var index: ServedIndex
        var calls = 0
        var isClosing = false
    }

    private let process: pid_t
    /// Numbers up to this one are of the process that this one was forked from.
    private let inherited: UInt
    private let entries = Mutex<[UInt: Entry]>([:])

    private init(inherited: UInt) { (process, self.inherited) = (getpid(), inherited) }

    // MARK: Of a process

    private static let lastNumber = Atomic<UInt>(0)
    /// An `Unmanaged<OpenIndexes>`, or 0 before the first use.
    private static let current = Atomic<UInt>(0)

    /// Those of this process. In a child after a fork they are new and empty: somebody may have held the old one's lock
    /// while the process forked, so that it is never touched again.
    static var shared: OpenIndexes {
        while true {
            let known = current.load(ordering: .acquiring)
            if let pointer = UnsafeRawPointer(bitPattern: known) {
                let indexes = Unmanaged<OpenIndexes>.fromOpaque(pointer).takeUnretainedValue()
                if indexes.process == getpid() { return indexes }
            }
            let fresh = OpenIndexes(inherited: lastNumber.load(ordering: .relaxed))
            let pointer = Unmanaged.passRetained(fresh)
            let (isMine, _) = current.compareExchange(
                expected: known, desired: UInt(bitPattern: pointer.toOpaque()), ordering: .acquiringAndReleasing)
            if isMine { return fresh }
            pointer.release()
        }
    }

    // MARK: Opening, asking, closing

    func add(_ index: ServedIndex) -> OpaquePointer? {
        let number = Self.lastNumber.wrappingAdd(1, ordering: .relaxed).newValue
        entries.withLock { $0[number] = Entry(index: index) }
        return OpaquePointer(bitPattern: number)
    }

    /// Does something with an index, which is not closed meanwhile.
    ///
    /// - Throws: ``Problem`` where there is none; what the body throws.
    func with<Result>(_ pointer: OpaquePointer?, _ body: (ServedIndex) throws -> Result) throws -> Result {
        let number = UInt(bitPattern: pointer)
        let index = entries.withLock { entries -> ServedIndex? in
            guard let entry = entries[number], !entry.isClosing else { return nil }
            entries[number]?.calls += 1
            return entry.index
        }
        guard let index else { throw absence(of: number) }
        defer { entries.withLock { $0[number]?.calls -= 1 } }
        return try body(index)
    }

    private func absence(of number: UInt) -> Problem {
        if number == 0 { return Problem(.invalidOption, "the index is a null pointer", member: "index") }
        if number <= inherited {
            return Problem(
                .wrongProcess,
                "the index was opened in the process that this one was forked from; open the index in this process")
        }
        return Problem(.unknownIndex, "the index is closed")
    }

    /// Closes an index once its calls have returned.
    func close(_ pointer: OpaquePointer?) {
        let number = UInt(bitPattern: pointer)
        guard entries.withLock({ $0[number] != nil }) else { return }
        entries.withLock { $0[number]?.isClosing = true }
        while true {
            let isDone = entries.withLock { entries in
                guard let entry = entries[number], entry.calls > 0 else { return true }
                return false
            }
            if isDone { break }
            usleep(1000)
        }
        // What the index has mapped is given back outside of the lock.
        let last = entries.withLock { $0.removeValue(forKey: number) }
        withExtendedLifetime(last) {}
    }
}
