import Foundation

/// The lines of a file, one after the other, without copying them.
///
/// A byte order mark at the start and a carriage return before the line feed are left out.
final class LineReader {
    /// Longer lines are no corpus; the limit bounds the memory of the reader.
    static let longestLine = 1 << 26
    static let overlongReason = "the line is longer than \(longestLine >> 20) MiB"

    var path: String { stream.path }
    var bytesRead: Int { stream.bytesRead }
    var byteCount: Int { stream.byteCount }
    /// The number of the line that was handed out last, from 1.
    private(set) var line = 0
    private let stream: ByteStream
    private var buffer: UnsafeMutableRawBufferPointer
    private var start = 0
    private var end = 0
    private var reachedEnd = false
    /// Whether what comes next is the rest of a line that is too long.
    private var isInOverlong = false

    convenience init(path: String, chunkSize: Int = 1 << 20) throws(CorpusError) {
        try self.init(file: InputFile(path: path), chunkSize: chunkSize)
    }

    init(file: InputFile, chunkSize: Int = 1 << 20) throws(CorpusError) {
        stream = try ByteStream(file: file)
        buffer = .allocate(byteCount: max(chunkSize, 1), alignment: 16)
    }

    deinit { buffer.deallocate() }

    /// The next line, or nil at the end; the bytes are valid until the next call.
    ///
    /// - Throws: ``CorpusError/overlong`` for a line that is too long; the next call goes on behind it.
    func next() throws(CorpusError) -> UnsafeRawBufferPointer? {
        if isInOverlong { try skipOverlong() }
        var searched = start
        while true {
            if searched < end, let base = buffer.baseAddress,
                let found = memchr(base + searched, 0x0a, end - searched)
            {
                let stop = UnsafeRawPointer(found) - UnsafeRawPointer(base)
                defer { start = stop + 1 }
                return content(upTo: stop)
            }
            if reachedEnd {
                guard start < end else { return nil }
                defer { start = end }
                return content(upTo: end)
            }
            searched = end - start
            try fill()
        }
    }

    private func content(upTo stop: Int) -> UnsafeRawBufferPointer {
        line += 1
        var first = start
        var last = stop
        if last > first, buffer[last - 1] == 0x0d { last -= 1 }
        if line == 1, last - first >= 3, buffer[first] == 0xef, buffer[first + 1] == 0xbb,
            buffer[first + 2] == 0xbf
        {
            first += 3
        }
        return UnsafeRawBufferPointer(rebasing: buffer[first..<last])
    }

    /// Drops the rest of a line piece by piece.
    private func skipOverlong() throws(CorpusError) {
        while !reachedEnd {
            if let base = buffer.baseAddress, let found = memchr(base + start, 0x0a, end - start) {
                start = UnsafeRawPointer(found) - UnsafeRawPointer(base) + 1
                isInOverlong = false
                return
            }
            (start, end) = (0, 0)
            try fill()
        }
        start = end
        isInOverlong = false
    }

    /// Moves the unfinished line to the front and reads behind it.
    private func fill() throws(CorpusError) {
        let kept = end - start
        if kept == buffer.count {
            guard kept < Self.longestLine else {
                line += 1
                isInOverlong = true
                throw .overlong(SourceLine(file: path, line: line))
            }
            let larger = UnsafeMutableRawBufferPointer.allocate(
                byteCount: buffer.count * 2, alignment: 16)
            larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: buffer[start..<end]))
            buffer.deallocate()
            buffer = larger
        } else if start > 0, let base = buffer.baseAddress {
            memmove(base, base + start, kept)
        }
        start = 0
        end = kept
        let got = try stream.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[end...]))
        if got == 0 { reachedEnd = true }
        end += got
    }
}

extension UnsafeRawBufferPointer {
    /// Whether there is nothing but spaces and tabs.
    var isBlank: Bool { allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0d } }
}
