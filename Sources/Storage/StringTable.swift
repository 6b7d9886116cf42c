import CMarisa
import Memory

/// A table of distinct strings numbered 0..<count in the order they were given, both ways, in a
/// marisa trie (shared prefixes are stored once).
///
/// Held the external ids of passages and the terms of the sparse index before 0.2; they are lists now, ``StringList``, which
/// need not be read through when they are opened. Such indexes are read still, and tests write them. Look-ups are O(length).
package struct StringTable: Sendable {
    package let count: Int
    private let trie: Trie
    private let numbers: FrozenArray<UInt32>
    private let indices: FrozenArray<UInt32>

    private final class Trie: @unchecked Sendable {
        // marisa's const operations are safe from many threads: each call has its own agent.
        let table: OpaquePointer
        let image: FrozenArray<UInt8>

        init?(image: FrozenArray<UInt8>) {
            guard let table = cmarisa_open(image.unsafeBase, image.count) else { return nil }
            self.table = table
            self.image = image
        }

        deinit { cmarisa_close(table) }
    }

    /// Writes the sections of a table of `strings` under names that start with `prefix`.
    ///
    /// - Precondition: the strings are distinct and fewer than 2^32.
    package static func write(
        _ strings: [String], to writer: ContainerWriter, prefix: String
    ) throws(StorageError) {
        var bytes: [UInt8] = []
        var offsets: [UInt64] = [0]
        for string in strings {
            bytes.append(contentsOf: string.utf8)
            offsets.append(UInt64(bytes.count))
        }
        let count = strings.count
        var numbers = [UInt32](repeating: 0, count: count)
        var image: UnsafeMutablePointer<CChar>?
        var size = 0
        let status = bytes.withUnsafeBytes { raw in
            cmarisa_build(
                raw.baseAddress?.assumingMemoryBound(to: CChar.self), offsets, count, &numbers, &image,
                &size)
        }
        guard status == 0, let image else {
            throw .io(path: writer.path, reason: "the string table could not be built (out of memory?)")
        }
        defer { cmarisa_free_image(image) }
        try writer.begin(prefix + ".trie")
        try writer.append(UnsafeRawBufferPointer(start: image, count: size))
        try writer.end()
        try writer.write(prefix + ".numbers", numbers)
    }

    /// Opens the table that was written under `prefix`.
    package init(_ container: Container, prefix: String) throws(StorageError) {
        let image = try container.bytes(prefix + ".trie")
        guard let trie = Trie(image: image) else {
            throw .damaged(path: container.path, what: "section \(prefix).trie is no trie")
        }
        numbers = try container.section(prefix + ".numbers", of: UInt32.self)
        count = numbers.count
        guard cmarisa_count(trie.table) == count else {
            throw .damaged(path: container.path, what: "section \(prefix).numbers does not fit its trie")
        }
        var inverse = [UInt32](repeating: .max, count: count)
        for (index, number) in numbers.toArray().enumerated() {
            guard Int(number) < inverse.count, inverse[Int(number)] == .max else {
                throw .damaged(path: container.path, what: "section \(prefix).numbers is no permutation")
            }
            inverse[Int(number)] = UInt32(index)
        }
        indices = FrozenArray(inverse)
        self.trie = trie
    }

    /// The index of a string, or nil.
    package func index(of string: String) -> Int? {
        var copy = string
        return copy.withUTF8 { index(ofUTF8: $0) }
    }

    /// The index of a string that is given by its bytes, or nil.
    package func index(ofUTF8 bytes: UnsafeBufferPointer<UInt8>) -> Int? {
        let number = bytes.withMemoryRebound(to: CChar.self) {
            // An empty Swift string may have no address; marisa wants one.
            $0.baseAddress.map { cmarisa_find(trie.table, $0, bytes.count) }
                ?? cmarisa_find(trie.table, "", 0)
        }
        return number < 0 ? nil : Int(indices[Int(number)])
    }

    /// The string at an index.
    package subscript(index: Int) -> String {
        let number = numbers[index]
        var capacity = 64
        while true {
            let (string, length) = withUnsafeTemporaryAllocation(of: UInt8.self, capacity: capacity) {
                buffer -> (String?, Int) in
                let length = buffer.withMemoryRebound(to: CChar.self) {
                    Int(cmarisa_string(trie.table, number, $0.baseAddress, capacity))
                }
                guard length <= capacity else { return (nil, length) }
                return (String(decoding: buffer.prefix(max(0, length)), as: UTF8.self), length)
            }
            if let string { return string }
            capacity = length
        }
    }
}
