/// Lines that can be looked at before they are read, so that a pipe is read once only.
///
/// Blank lines are left out.
final class PeekedLines {
    /// The rest of a file in one piece.
    struct Text {
        fileprivate var bytes: [UInt8] = []
        /// The offset and number of each line.
        fileprivate var starts: [(offset: Int, line: Int)] = []

        func withBytes<Result>(
            _ body: (UnsafeRawBufferPointer) throws(TopicFault) -> Result
        ) throws(TopicFault) -> Result {
            try bytes.withUnsafeBufferPointer { (buffer) throws(TopicFault) in
                try body(UnsafeRawBufferPointer(buffer))
            }
        }

        /// The line that an offset is on; O(log lines).
        func line(at offset: Int) -> Int {
            var (low, high) = (0, starts.count)
            while low < high {
                let middle = (low + high) / 2
                if starts[middle].offset <= offset { low = middle + 1 } else { high = middle }
            }
            return low > 0 ? starts[low - 1].line : 1
        }
    }

    var path: String { reader.path }
    private let reader: LineReader
    private var ahead: [(bytes: [UInt8], line: Int)] = []
    private var position = 0
    /// The line from `ahead` that was handed out last.
    private var held: UnsafeMutableRawBufferPointer

    init(path: String) throws(CorpusError) {
        reader = try LineReader(path: path)
        held = .allocate(byteCount: 0, alignment: 1)
    }

    deinit { held.deallocate() }

    /// The next line with its number, or nil at the end; the bytes are valid until the next call.
    func next() throws(CorpusError) -> (bytes: UnsafeRawBufferPointer, line: Int)? {
        if position < ahead.count {
            let (bytes, line) = ahead[position]
            position += 1
            if position == ahead.count {
                ahead = []
                position = 0
            }
            held.deallocate()
            held = .allocate(byteCount: bytes.count, alignment: 1)
            held.copyBytes(from: bytes)
            return (UnsafeRawBufferPointer(held), line)
        }
        while let line = try reader.next() {
            if !line.isBlank { return (line, reader.line) }
        }
        return nil
    }

    /// The next lines, or as many as there are; they stay to be read.
    func peek(count: Int) throws(CorpusError) -> [[UInt8]] {
        while ahead.count - position < count, let line = try reader.next() {
            if !line.isBlank { ahead.append((Array(line), reader.line)) }
        }
        return ahead[position...].prefix(count).map(\.bytes)
    }

    /// The first byte of the next line that is no white space; nil at the end.
    func firstByte() throws(CorpusError) -> UInt8? {
        try peek(count: 1).first?.first { $0 != 0x20 && $0 != 0x09 }
    }

    /// Everything that is left.
    func rest() throws(CorpusError) -> Text {
        var text = Text()
        while let (bytes, line) = try next() {
            text.starts.append((text.bytes.count, line))
            text.bytes.append(contentsOf: bytes)
            text.bytes.append(0x0a)
        }
        return text
    }

    /// Gives back what ``rest()`` gave.
    func putBack(_ text: Text) {
        for (index, start) in text.starts.enumerated() {
            let end = index + 1 < text.starts.count ? text.starts[index + 1].offset : text.bytes.count
            ahead.append((Array(text.bytes[start.offset..<(end - 1)]), start.line))
        }
    }
}
