/// The lines of a text file that are UTF-8; the others are told of once.
///
/// A carriage return alone ends a line, too, as in files of old Macs.
final class TextLines {
    var bytesRead: Int { lines.bytesRead }
    /// The line handed out last, or that of the fault.
    private(set) var line = 0
    private let lines: LineReader
    private let isStrict: Bool
    private var current: [UInt8] = []
    private var position = 0
    private var hasCurrent = false
    private var isOver = false
    private var broken: (first: Int, count: Int, mark: UInt8)?

    init(lines: LineReader, isStrict: Bool) {
        self.lines = lines
        self.isStrict = isStrict
    }

    /// The next line passed to `body`, which may keep nothing of it; nil at the end of the file.
    func next<Result>(_ body: (UnsafeRawBufferPointer) -> Result) throws(CorpusError) -> RecordOutcome<Result>? {
        while true {
            if hasCurrent { return .value(nextPiece(body)) }
            guard !isOver else { return endingFault() }
            let bytes: UnsafeRawBufferPointer
            do throws(CorpusError) {
                guard let next = try lines.next() else {
                    isOver = true
                    continue
                }
                bytes = next
            } catch .overlong(let place) {
                line = place.line
                return .fault(LineFault(LineReader.overlongReason))
            }
            line = lines.line
            if let fault = wholeFileFault(bytes) {
                isOver = true
                return .fault(fault)
            }
            guard Self.isUTF8(bytes) else {
                let mark = bytes.first { $0 >= 0x80 } ?? 0
                broken = (broken?.first ?? line, (broken?.count ?? 0) + 1, broken?.mark ?? mark)
                if isStrict, let outcome: RecordOutcome<Result> = endingFault() { return outcome }
                continue
            }
            guard bytes.contains(0x0d) else { return .value(body(bytes)) }
            current = Array(bytes)
            position = 0
            hasCurrent = true
        }
    }

    private func nextPiece<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        let stop = current[position...].firstIndex(of: 0x0d) ?? current.count
        let range = position..<stop
        position = stop + 1
        hasCurrent = position <= current.count
        return current.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[range])) }
    }

    /// What makes a file no text at all.
    private func wholeFileFault(_ bytes: UnsafeRawBufferPointer) -> LineFault? {
        if line == 1, let encoding = FormatSample.wideEncoding(bytes) {
            return LineFault("the file is \(encoding), expected UTF-8; it is left out")
        }
        return bytes.contains(0) ? LineFault("not a text file, the rest of it is left out") : nil
    }

    private func endingFault<Result>() -> RecordOutcome<Result>? {
        guard let broken else { return nil }
        self.broken = nil
        line = broken.first
        let lines = broken.count == 1 ? "1 line is" : "\(broken.count) lines of the file are"
        return .fault(
            LineFault("invalid UTF-8, perhaps Latin-1 or Windows-1252: \(lines) left out", lines: broken.count))
    }

    static func isUTF8(_ bytes: UnsafeRawBufferPointer) -> Bool {
        // Most lines are ASCII, which needs no decoding.
        if bytes.allSatisfy({ $0 < 0x80 }) { return true }
        return String(validating: bytes, as: UTF8.self) != nil
    }
}
