/// JSON objects of a file that is an array of them, or has them one after the other, on any number of
/// lines.
///
/// An object is cut out by its braces; whether it keeps the grammar is seen when it is read. After a
/// broken one the next begins at a line that begins with a brace.
final class JSONObjects {
    /// The line on which the object starts that was handed out last.
    private(set) var line = 0
    private let lines: LineReader
    private var current: [UInt8] = []
    private var currentLine = 0
    private var position = 0
    private var object: [UInt8] = []
    private var depth = 0
    private var isInString = false
    private var isSearching = false
    /// Spaces before the object's first and second line.
    private var indents: (first: Int, second: Int?) = (0, nil)

    init(lines: LineReader) { self.lines = lines }

    /// The next object or what is wrong there, passed to `body` while its bytes are valid.
    func next<Result>(
        _ body: (UnsafeRawBufferPointer) throws(LineFault) -> Result
    ) throws(CorpusError) -> RecordOutcome<Result>? {
        while true {
            if position >= current.count {
                guard let bytes = try lines.next() else {
                    guard depth > 0 else { return nil }
                    return giveUp("the object is not closed")
                }
                current = Array(bytes)
                currentLine = lines.line
                position = 0
                if let fault = startLine() { return .fault(fault) }
            }
            if isSearching {
                guard firstByte == 0x7b else {
                    position = current.count
                    continue
                }
                isSearching = false
            }
            if depth == 0, let fault = findObject() { return .fault(fault) }
            guard depth > 0, scanObject() else { continue }
            let found = object
            object = []
            return RecordOutcome { () throws(LineFault) in
                try found.withUnsafeBufferPointer { (bytes) throws(LineFault) in
                    try body(UnsafeRawBufferPointer(bytes))
                }
            }
        }
    }

    private var firstByte: UInt8? { current.first { $0 != 0x20 && $0 != 0x09 } }
    private var indent: Int { current.prefix { $0 == 0x20 || $0 == 0x09 }.count }

    /// Looks at a new line while an object is open.
    private func startLine() -> LineFault? {
        guard depth > 0, !current.isEmpty else { return nil }
        var reason: String?
        if isInString {
            reason = "a string is not closed at the end of its line"
        } else if object.count > LineReader.longestLine {
            reason = LineReader.overlongReason
        } else if let second = indents.second, second > indents.first, indent <= indents.first, firstByte == 0x7b {
            reason = "the object is not closed where the next begins, on line \(currentLine)"
        }
        if indents.second == nil { indents.second = indent }
        guard let reason else {
            object.append(0x0a)
            return nil
        }
        reset()
        return LineFault(reason)
    }

    private func giveUp<Result>(_ reason: String) -> RecordOutcome<Result> {
        reset()
        return .fault(LineFault(reason))
    }

    private func reset() {
        (depth, isInString, isSearching) = (0, false, true)
        object = []
    }

    /// Goes to the next object of the line, past what parts objects.
    private func findObject() -> LineFault? {
        while position < current.count {
            switch current[position] {
            case 0x20, 0x09, 0x2c, 0x5b, 0x5d: position += 1
            case 0x7b:
                line = currentLine
                indents = (indent, nil)
                object = [0x7b]
                depth = 1
                position += 1
                return nil
            default:
                line = currentLine
                position = current.count
                return LineFault("expected an object")
            }
        }
        return nil
    }

    /// Goes on in the object; true where it ends in this line.
    private func scanObject() -> Bool {
        let start = position
        while position < current.count {
            let byte = current[position]
            position += 1
            if isInString {
                if byte == 0x5c { position += 1 } else if byte == 0x22 { isInString = false }
                continue
            }
            switch byte {
            case 0x22: isInString = true
            case 0x7b, 0x5b: depth += 1
            case 0x7d, 0x5d: depth -= 1
            default: break
            }
            if depth == 0 { break }
        }
        position = min(position, current.count)
        object.append(contentsOf: current[start..<position])
        return depth == 0
    }
}
