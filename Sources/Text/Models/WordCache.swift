import Synchronization

/// The pieces of words that have been seen, shared by threads without locks.
///
/// An entry is written before it is published and stays until the cache goes; when the places for
/// a word are taken, the word is not kept. The whole stays below 16 MiB.
final class WordCache: @unchecked Sendable {
    // Unchecked because of the pointers, as in ``ScalarPages``.
    private typealias Slot = Atomic<UnsafeRawPointer?>

    private static let slotCount = 1 << 15
    private static let probes = 4
    /// Longer words are rare, and cost more to compare.
    static let longestWord = 64
    private static let header = 16

    private let slots: UnsafeMutablePointer<Slot>

    init() {
        slots = .allocate(capacity: WordCache.slotCount)
        for index in 0..<WordCache.slotCount { (slots + index).initialize(to: Slot(nil)) }
    }

    deinit {
        for index in 0..<WordCache.slotCount { slots[index].load(ordering: .relaxed)?.deallocate() }
        slots.deinitialize(count: WordCache.slotCount)
        slots.deallocate()
    }

    /// Appends the pieces of a word that has been seen; false when it has not.
    @inline(__always)
    func find(
        _ word: UnsafeBufferPointer<UInt8>, hash: UInt64, into pieces: inout [TokenModel.Piece]
    ) -> Bool {
        for probe in 0..<WordCache.probes {
            guard let entry = slots[slot(hash, probe)].load(ordering: .acquiring) else { return false }
            // Hash, length of the word, number of pieces; the pieces; the word.
            guard entry.load(as: UInt64.self) == hash,
                entry.load(fromByteOffset: 8, as: UInt32.self) == UInt32(word.count)
            else { continue }
            let count = Int(entry.load(fromByteOffset: 12, as: UInt32.self))
            let stored = entry + WordCache.header + 8 * count
            guard let start = word.baseAddress, equal(start, stored, word.count) else { continue }
            for index in 0..<count {
                let at = WordCache.header + 8 * index
                let start = Int(entry.load(fromByteOffset: at + 4, as: UInt16.self))
                let end = Int(entry.load(fromByteOffset: at + 6, as: UInt16.self))
                pieces.append(
                    .init(id: entry.load(fromByteOffset: at, as: Int32.self), start: start, end: end))
            }
            return true
        }
        return false
    }

    /// Keeps a word of at most ``longestWord`` bytes and its pieces, if there is a place.
    func insert(
        _ word: UnsafeBufferPointer<UInt8>, hash: UInt64, _ pieces: ArraySlice<TokenModel.Piece>
    ) {
        guard word.count <= WordCache.longestWord, pieces.count <= 2 * WordCache.longestWord,
            let start = word.baseAddress,
            let free = (0..<WordCache.probes).first(where: {
                slots[slot(hash, $0)].load(ordering: .relaxed) == nil
            })
        else { return }
        let size = WordCache.header + 8 * pieces.count + word.count
        let entry = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 8)
        entry.storeBytes(of: hash, as: UInt64.self)
        entry.storeBytes(of: UInt32(word.count), toByteOffset: 8, as: UInt32.self)
        entry.storeBytes(of: UInt32(pieces.count), toByteOffset: 12, as: UInt32.self)
        for (index, piece) in pieces.enumerated() {
            let at = WordCache.header + 8 * index
            entry.storeBytes(of: piece.id, toByteOffset: at, as: Int32.self)
            entry.storeBytes(of: UInt16(piece.start), toByteOffset: at + 4, as: UInt16.self)
            entry.storeBytes(of: UInt16(piece.end), toByteOffset: at + 6, as: UInt16.self)
        }
        (entry + WordCache.header + 8 * pieces.count).copyMemory(from: start, byteCount: word.count)
        let (isPublished, _) = slots[slot(hash, free)].compareExchange(
            expected: nil, desired: UnsafeRawPointer(entry), ordering: .acquiringAndReleasing)
        if !isPublished { entry.deallocate() }
    }

    @inline(__always)
    private func slot(_ hash: UInt64, _ probe: Int) -> Int {
        (Int(truncatingIfNeeded: hash ^ hash >> 29) &+ probe) & (WordCache.slotCount - 1)
    }

    @inline(__always)
    private func equal(_ a: UnsafePointer<UInt8>, _ b: UnsafeRawPointer, _ count: Int) -> Bool {
        for index in 0..<count where a[index] != b.load(fromByteOffset: index, as: UInt8.self) {
            return false
        }
        return true
    }
}
