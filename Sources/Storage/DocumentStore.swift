import CZstd
import Memory

/// The titles and texts of the passages, in zstd blocks of some 16 KiB.
///
/// Reading a passage decompresses its block: tens of microseconds.
package struct DocumentStore: Sendable {
    package let count: Int
    private let path: String
    private let blocks: FrozenArray<UInt8>
    private let offsets: FrozenArray<UInt64>
    private let firsts: FrozenArray<UInt32>

    static let blockBytes = 16 << 10
    /// A block that claims more than this is damage: the longest line of a corpus plus one block, and as much again.
    static let maximumBlockBytes = 1 << 27

    /// Opens the sections `texts.*` of a container.
    package init(_ container: Container) throws(StorageError) {
        path = container.path
        blocks = try container.bytes("texts.blocks")
        offsets = try container.section("texts.offsets", of: UInt64.self)
        firsts = try container.section("texts.firsts", of: UInt32.self)
        let rising = { (array: FrozenArray<UInt64>) in
            array.indices.dropFirst().allSatisfy { array[$0 - 1] <= array[$0] }
        }
        guard offsets.count == firsts.count, !offsets.isEmpty, rising(offsets),
            offsets[offsets.count - 1] == UInt64(blocks.count), firsts[0] == 0,
            firsts.indices.dropFirst().allSatisfy({ [firsts] in firsts[$0 - 1] < firsts[$0] })
        else { throw .damaged(path: path, what: "the block table of the texts contradicts itself") }
        count = Int(firsts[firsts.count - 1])
    }

    /// The title and the text of a passage.
    package func passage(_ document: Int) throws(StorageError) -> (title: String, text: String) {
        precondition(document >= 0 && document < count, "passage index out of range")
        var low = 0
        var high = firsts.count - 1
        while high - low > 1 {
            let middle = (low + high) / 2
            if Int(firsts[middle]) <= document { low = middle } else { high = middle }
        }
        let block = try decompress(low)
        var position = 0
        var remaining = document - Int(firsts[low])
        while true {
            let title = try field(block, &position)
            let text = try field(block, &position)
            if remaining == 0 {
                return (String(decoding: title, as: UTF8.self), String(decoding: text, as: UTF8.self))
            }
            remaining -= 1
        }
    }

    private func field(_ block: [UInt8], _ position: inout Int) throws(StorageError) -> ArraySlice<UInt8> {
        guard position + 4 <= block.count else { throw truncated }
        let length = (0..<4).reduce(0) { $0 | Int(block[position + $1]) << (8 * $1) }
        let start = position + 4
        guard length <= block.count - start else { throw truncated }
        position = start + length
        return block[start..<start + length]
    }

    private var truncated: StorageError { .damaged(path: path, what: "a block of texts is too short") }

    private func decompress(_ index: Int) throws(StorageError) -> [UInt8] {
        let compressed = blocks.slice(Int(offsets[index])..<Int(offsets[index + 1]))
        let size = ZSTD_getFrameContentSize(compressed.unsafeBase, compressed.count)
        guard size <= UInt64(Self.maximumBlockBytes) else {
            throw .damaged(path: path, what: "a block of texts has no sound size")
        }
        var failed = false
        let block = [UInt8](unsafeUninitializedCapacity: Int(size)) { buffer, count in
            let written = ZSTD_decompress(
                buffer.baseAddress, buffer.count, compressed.unsafeBase, compressed.count)
            failed = ZSTD_isError(written) != 0 || written != buffer.count
            count = failed ? 0 : written
        }
        guard !failed else { throw .damaged(path: path, what: "a block of texts does not decompress") }
        return block
    }
}

/// Writes a ``DocumentStore`` passage by passage, in bounded memory.
package struct DocumentStoreWriter {
    private let writer: ContainerWriter
    private var pending: [UInt8] = []
    private var offsets: [UInt64] = [0]
    private var firsts: [UInt32] = [0]
    private var count = 0
    private var written = 0

    /// Starts the section of the texts; no other may be written to `writer` until ``finish()``.
    package init(_ writer: ContainerWriter) throws(StorageError) {
        self.writer = writer
        try writer.begin("texts.blocks")
    }

    package mutating func add(title: String, text: String) throws(StorageError) {
        for field in [title, text] {
            let bytes = Array(field.utf8)
            withUnsafeBytes(of: UInt32(bytes.count).littleEndian) { pending.append(contentsOf: $0) }
            pending.append(contentsOf: bytes)
        }
        count += 1
        if pending.count >= DocumentStore.blockBytes { try flush() }
    }

    package mutating func finish() throws(StorageError) {
        if !pending.isEmpty { try flush() }
        try writer.end()
        try writer.write("texts.offsets", offsets)
        try writer.write("texts.firsts", firsts)
    }

    private mutating func flush() throws(StorageError) {
        let bound = ZSTD_compressBound(pending.count)
        let compressed = [UInt8](unsafeUninitializedCapacity: bound) { buffer, count in
            count = ZSTD_compress(buffer.baseAddress, bound, pending, pending.count, 6)
            if ZSTD_isError(count) != 0 { count = 0 }
        }
        guard !compressed.isEmpty else {
            throw .io(path: writer.path, reason: "zstd could not compress a block of texts")
        }
        try writer.append(FrozenArray(compressed))
        written += compressed.count
        offsets.append(UInt64(written))
        firsts.append(UInt32(count))
        pending.removeAll(keepingCapacity: true)
    }
}
