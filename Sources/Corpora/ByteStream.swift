import Foundation

/// The bytes of a plain, gzip or zstd file as one decompressed stream, in bounded memory.
///
/// The compression is recognised by the first bytes, never by the name.
final class ByteStream {
    let path: String
    /// Bytes of the file as stored.
    let byteCount: Int
    /// Bytes consumed so far, as stored.
    private(set) var bytesRead = 0
    private let file: OpenFile
    private let chunk: UnsafeMutableRawBufferPointer
    private var pending: UnsafeRawBufferPointer
    private var reachedEnd = false
    private var decoder: (any StreamDecoder)?
    /// What is left of the bytes before those that count, and of those; nil where all do.
    private var window: (before: Int, left: Int)?

    convenience init(path: String) throws(CorpusError) {
        try self.init(file: InputFile(path: path))
    }

    init(file input: InputFile, chunkSize: Int = 1 << 18) throws(CorpusError) {
        path = input.shown
        window = input.window.map { ($0.lowerBound, $0.count) }
        file = try input.open()
        byteCount = file.byteCount
        chunk = .allocate(byteCount: max(chunkSize, 4), alignment: 16)
        pending = UnsafeRawBufferPointer(rebasing: chunk[..<0])
        try refill()
        do throws(StreamDecodingError) {
            decoder = try Self.decoder(for: pending)
        } catch {
            throw .damaged(path: path, reason: error.reason)
        }
    }

    deinit { chunk.deallocate() }

    /// Fills the front of `output` and returns the bytes written; 0 means the end.
    func read(into output: UnsafeMutableRawBufferPointer) throws(CorpusError) -> Int {
        guard var window else { return try readAll(into: output) }
        while true {
            let wanted = min(window.before > 0 ? window.before : window.left, output.count)
            guard wanted > 0 else { return 0 }
            let got = try readAll(into: UnsafeMutableRawBufferPointer(rebasing: output[..<wanted]))
            guard got > 0 else { throw .damaged(path: path, reason: "the archive ends in the middle of the file") }
            if window.before > 0 {
                window.before -= got
                continue
            }
            window.left -= got
            self.window = window
            return got
        }
    }

    private func readAll(into output: UnsafeMutableRawBufferPointer) throws(CorpusError) -> Int {
        guard let decoder else { return try readPlain(into: output) }
        while true {
            if pending.isEmpty { try refill() }
            let before = pending.count
            let written: Int
            do throws(StreamDecodingError) {
                written = try decoder.decode(&pending, into: output)
            } catch {
                throw .damaged(path: path, reason: error.reason)
            }
            if written > 0 { return written }
            if pending.isEmpty, reachedEnd {
                guard decoder.isComplete else {
                    throw .damaged(path: path, reason: "the file ends in the middle of the data")
                }
                return 0
            }
            if pending.count == before, before > 0 {
                throw .damaged(path: path, reason: "the data makes no progress")
            }
        }
    }

    private func readPlain(into output: UnsafeMutableRawBufferPointer) throws(CorpusError) -> Int {
        guard pending.isEmpty else {
            let count = min(pending.count, output.count)
            output.copyMemory(from: UnsafeRawBufferPointer(rebasing: pending[..<count]))
            pending = UnsafeRawBufferPointer(rebasing: pending[count...])
            return count
        }
        return try readFile(into: output)
    }

    private func refill() throws(CorpusError) {
        guard !reachedEnd else { return }
        pending = UnsafeRawBufferPointer(rebasing: chunk[..<(try readFile(into: chunk))])
    }

    private func readFile(into output: UnsafeMutableRawBufferPointer) throws(CorpusError) -> Int {
        // A pipe may give less than asked; the magic bytes need at least four.
        var filled = 0
        while filled < min(4, output.count) {
            let got = file.read(output.baseAddress?.advanced(by: filled), output.count - filled)
            if got < 0, errno == EINTR { continue }
            guard got >= 0 else {
                throw .unreadable(path: path, reason: String(cString: strerror(errno)))
            }
            if got == 0 {
                reachedEnd = true
                break
            }
            filled += got
        }
        bytesRead += filled
        return filled
    }

    private static func decoder(
        for head: UnsafeRawBufferPointer
    ) throws(StreamDecodingError) -> (any StreamDecoder)? {
        guard head.count >= 2 else { return nil }
        if head[0] == 0x1f, head[1] == 0x8b { return try GzipDecoder() }
        guard head.count >= 4 else { return nil }
        let magic = UInt32(littleEndian: head.loadUnaligned(as: UInt32.self))
        // A frame, or a skippable frame before one.
        if magic == 0xfd2f_b528 || magic & 0xffff_fff0 == 0x184d_2a50 { return try ZstdDecoder() }
        return nil
    }
}
