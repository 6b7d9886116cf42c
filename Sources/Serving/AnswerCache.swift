import Storage
import Synchronization

/// Answers that were given, by digests of what they answer. An answer is a function of the index's generation and the request, so
/// none grows old; those that were used least lately make room.
public final class AnswerCache: Sendable {
    /// What an answer answers.
    public struct Key: Hashable, Sendable {
        let digest: [UInt8]

        public init(index: String, generation: String, call: String, request: some Collection<UInt8>) {
            var hash = SHA256()
            for part in [index, generation, call] { hash.update(part + "\u{0}") }
            hash.update(Array(request))
            digest = hash.digest()
        }

        /// In hexadecimal digits.
        public var text: String {
            let digits = Array("0123456789abcdef".utf8)
            return String(
                decoding: digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
        }
    }

    /// Entries are a list by use, in places of an array: each knows its neighbours.
    fileprivate struct Entry {
        var key: Key
        var bytes: [UInt8]
        var newer: Int
        var older: Int
    }

    fileprivate struct State {
        var places: [Key: Int] = [:]
        var entries: [Entry] = []
        var free: [Int] = []
        var newest = -1
        var oldest = -1
        var size = 0
        var hits = 0
        var misses = 0
    }

    /// Bytes of answers at most; 0 keeps none.
    public let capacity: Int
    private let state = Mutex(State())

    public init(capacity: Int) { self.capacity = max(0, capacity) }

    /// Counted so far.
    public var counts: (hits: Int, misses: Int, bytes: Int) { state.withLock { ($0.hits, $0.misses, $0.size) } }

    public func answer(_ key: Key) -> [UInt8]? {
        state.withLock { state in
            guard let place = state.places[key] else {
                state.misses += 1
                return nil
            }
            state.hits += 1
            state.unlink(place)
            state.linkNewest(place)
            return state.entries[place].bytes
        }
    }

    /// Keeps an answer. One that is larger than a quarter of all that fits is not kept.
    public func keep(_ bytes: [UInt8], for key: Key) {
        guard bytes.count + Self.overhead <= capacity / 4 else { return }
        state.withLock { state in
            guard state.places[key] == nil else { return }
            state.add(key, bytes)
            state.size += bytes.count + Self.overhead
            while state.size > capacity, state.oldest >= 0 {
                state.size -= state.entries[state.oldest].bytes.count + Self.overhead
                state.removeOldest()
            }
        }
    }

    /// Bytes of an entry besides the answer's.
    private static let overhead = 160
}

extension AnswerCache.State {
    fileprivate mutating func add(_ key: AnswerCache.Key, _ bytes: [UInt8]) {
        let entry = AnswerCache.Entry(key: key, bytes: bytes, newer: -1, older: -1)
        let place = free.popLast() ?? entries.count
        if place < entries.count { entries[place] = entry } else { entries.append(entry) }
        places[key] = place
        linkNewest(place)
    }

    fileprivate mutating func removeOldest() {
        let place = oldest
        unlink(place)
        places[entries[place].key] = nil
        entries[place].bytes = []
        free.append(place)
    }

    fileprivate mutating func linkNewest(_ place: Int) {
        (entries[place].newer, entries[place].older) = (-1, newest)
        if newest >= 0 { entries[newest].newer = place } else { oldest = place }
        newest = place
    }

    fileprivate mutating func unlink(_ place: Int) {
        let (newer, older) = (entries[place].newer, entries[place].older)
        if newer >= 0 { entries[newer].older = older } else { newest = older }
        if older >= 0 { entries[older].newer = newer } else { oldest = newer }
    }
}
