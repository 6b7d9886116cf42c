/// The records of a line-based file: its lines that are not blank, or, in a table, rows whose
/// quoted columns may run over several lines.
final class RecordReader {
    /// A quote that is not closed must not swallow the rest of a file.
    private static let longestRow = 1000

    let parser: PassageParser
    var path: String { lines.path }
    var bytesRead: Int { lines.bytesRead }
    /// The line on which the record starts that was handed out last.
    private(set) var line = 0
    private let lines: LineReader
    private var row: [UInt8] = []

    init(path: String, format: CorpusFormat, chunkSize: Int = 1 << 20) throws(CorpusError) {
        lines = try LineReader(path: path, chunkSize: chunkSize)
        switch format {
        case .msMarco: parser = .pair
        case .headedTable:
            var header: [UInt8] = []
            while header.isEmpty, let line = try lines.next() {
                if !line.isBlank { header = Array(line) }
            }
            guard let table = HeadedTable(header: header) else {
                throw .unrecognised(path: path, reason: "the first line is no header")
            }
            parser = .table(table)
        default: parser = .json
        }
    }

    /// The next record, or nil at the end, passed to `body` while its bytes are valid.
    func next<Result>(
        _ body: (UnsafeRawBufferPointer) throws(LineFault) -> Result
    ) throws(CorpusError) -> RecordOutcome<Result>? {
        while let bytes = try lines.next() {
            if bytes.isBlank { continue }
            line = lines.line
            if case .table = parser, HeadedTable.isOpen(bytes) {
                guard try completeRow(from: bytes) else {
                    return .fault(
                        LineFault(
                            "a quoted column is not closed up to line \(lines.line)"))
                }
                return outcome { () throws(LineFault) in
                    let row = row
                    return try Self.withBytes(of: row, body)
                }
            }
            return outcome { () throws(LineFault) in try body(bytes) }
        }
        return nil
    }

    private func outcome<Result>(
        _ body: () throws(LineFault) -> Result
    ) -> RecordOutcome<Result> {
        do throws(LineFault) {
            return .value(try body())
        } catch {
            return .fault(error)
        }
    }

    private static func withBytes<Result>(
        of row: [UInt8], _ body: (UnsafeRawBufferPointer) throws(LineFault) -> Result
    ) throws(LineFault) -> Result {
        try row.withUnsafeBufferPointer { (bytes) throws(LineFault) in
            try body(UnsafeRawBufferPointer(bytes))
        }
    }

    /// Appends lines until the quotes are closed.
    private func completeRow(from first: UnsafeRawBufferPointer) throws(CorpusError) -> Bool {
        row = Array(first)
        for _ in 1..<Self.longestRow {
            guard let next = try lines.next() else { return false }
            row.append(0x0a)
            row.append(contentsOf: next)
            // Only a line with a quote can close the column.
            if next.contains(0x22), !row.withUnsafeBytes({ HeadedTable.isOpen($0) }) { return true }
        }
        return false
    }
}

/// What came of a record.
enum RecordOutcome<Value> {
    case value(Value)
    case fault(LineFault)
}
