import Docids
import Memory
import Tensors
import TestSupport

enum Vectors {
    /// Unit vectors around a few directions.
    static func clustered(_ count: Int, dimension: Int, seed: UInt64 = 1) -> FrozenArray<Float> {
        var generator = SeededGenerator(seed: seed)
        func random() -> [Float] {
            (0..<dimension).map { _ in Float.random(in: -1...1, using: &generator) }
        }
        let centres = (0..<20).map { _ in random() }
        var values: [Float] = []
        for index in 0..<count {
            var vector = zip(centres[index % 20], random()).map { $0 + 0.3 * $1 }
            Vector.normalize(&vector)
            values += vector
        }
        return FrozenArray(values)
    }

    /// Copies of one vector.
    static func equal(_ count: Int, dimension: Int) -> FrozenArray<Float> {
        let one = clustered(1, dimension: dimension).toArray()
        return FrozenArray((0..<count).flatMap { _ in one })
    }
}

/// Sections in memory, as a file would give them back.
struct SectionStore {
    var bytes: [String: [UInt8]] = [:]

    init(_ sections: [DocidSection]) {
        for section in sections { bytes[section.name] = section.bytes.toArray() }
    }

    struct Missing: Error {}

    func read(_ name: String) throws -> FrozenArray<UInt8> {
        guard let found = bytes[name] else { throw Missing() }
        return FrozenArray(found)
    }

    /// Every small damage of every section: `body` may throw, and must not trap.
    func damaged(rounds: Int, seed: UInt64, _ body: (SectionStore) -> Void) {
        var generator = SeededGenerator(seed: seed)
        for name in bytes.keys.sorted() {
            let original = bytes[name] ?? []
            for length in [0, 1, 4, original.count / 2, original.count - 1] where length < original.count {
                var copy = self
                copy.bytes[name] = Array(original.prefix(max(length, 0)))
                body(copy)
            }
            var missing = self
            missing.bytes[name] = nil
            body(missing)
            for _ in 0..<rounds where !original.isEmpty {
                var copy = self
                for _ in 0..<Int.random(in: 1...3, using: &generator) {
                    let place = Int.random(in: 0..<original.count, using: &generator)
                    copy.bytes[name]?[place] = UInt8.random(in: 0...255, using: &generator)
                }
                body(copy)
            }
        }
    }
}
