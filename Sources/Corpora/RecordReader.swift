/// The records of a file: its lines that are not blank, the rows of a table or the objects of JSON.
final class RecordReader {
    private enum Records {
        case lines
        case rows(QuotedRows)
        case objects(JSONObjects)
    }

    let parser: PassageParser
    var bytesRead: Int { lines.bytesRead }
    /// The line on which the record starts that was handed out last.
    private(set) var line = 0
    private let lines: LineReader
    private let records: Records
    /// A line with several objects, and where the next of them begins.
    private var rest: [UInt8] = []
    private var restStart = 0
    private var isOver = false

    init(file: InputFile, format: CorpusFormat, chunkSize: Int = 1 << 20) throws(CorpusError) {
        lines = try LineReader(file: file, chunkSize: chunkSize)
        switch format {
        case .msMarco: (parser, records) = (.pair, .lines)
        case .colbert: (parser, records) = (.table(HeadedTable(columns: 3, id: 0, text: 1, title: 2)), .lines)
        case .msMarcoDocuments:
            (parser, records) = (.table(HeadedTable(columns: 4, id: 0, text: 3, title: 2)), .lines)
        case .headedTable:
            var header: [UInt8] = []
            while header.isEmpty, let line = try lines.next() {
                if !line.isBlank { header = Array(line) }
            }
            guard let table = HeadedTable(header: header, allowsComma: true) else {
                throw .unrecognised(path: file.shown, reason: "the first line is no header")
            }
            parser = .table(table)
            records = .rows(QuotedRows(lines: lines, table: table))
        case .jsonDocuments: (parser, records) = (.json, .objects(JSONObjects(lines: lines)))
        default: (parser, records) = (.json, .lines)
        }
    }

    /// The next record, or nil at the end, passed to `body` while its bytes are valid.
    func next<Result>(
        _ body: (UnsafeRawBufferPointer) throws(LineFault) -> Result
    ) throws(CorpusError) -> RecordOutcome<Result>? {
        guard !isOver else { return nil }
        do throws(CorpusError) {
            switch records {
            case .lines: return try nextLine(body)
            case .rows(let rows):
                defer { line = rows.line }
                return try rows.next(body)
            case .objects(let objects):
                defer { line = objects.line }
                return try objects.next(body)
            }
        } catch .overlong(let place) {
            line = place.line
            return .fault(LineFault(LineReader.overlongReason))
        }
    }

    private func nextLine<Result>(
        _ body: (UnsafeRawBufferPointer) throws(LineFault) -> Result
    ) throws(CorpusError) -> RecordOutcome<Result>? {
        if restStart < rest.count { return nextOfRest(body) }
        while let bytes = try lines.next() {
            if bytes.isBlank { continue }
            line = lines.line
            if line == 1, let encoding = FormatSample.wideEncoding(bytes) {
                isOver = true
                return .fault(LineFault("the file is \(encoding), expected UTF-8; it is left out"))
            }
            return outcome(of: bytes, body)
        }
        return nil
    }

    /// One record; where a JSON object is followed by another, that one is kept for later.
    private func outcome<Result>(
        of bytes: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) throws(LineFault) -> Result
    ) -> RecordOutcome<Result> {
        do throws(LineFault) {
            return .value(try body(bytes))
        } catch {
            guard let next = error.next, next < bytes.count else { return .fault(error) }
            rest = Array(bytes)
            restStart = next
            return RecordOutcome { () throws(LineFault) in
                try body(UnsafeRawBufferPointer(rebasing: bytes[..<next]))
            }
        }
    }

    private func nextOfRest<Result>(
        _ body: (UnsafeRawBufferPointer) throws(LineFault) -> Result
    ) -> RecordOutcome<Result> {
        rest.withUnsafeBytes { bytes in
            let start = restStart
            let record = UnsafeRawBufferPointer(rebasing: bytes[start...])
            do throws(LineFault) {
                restStart = bytes.count
                return .value(try body(record))
            } catch {
                guard let next = error.next, next < record.count else { return .fault(error) }
                restStart = start + next
                return RecordOutcome { () throws(LineFault) in
                    try body(UnsafeRawBufferPointer(rebasing: record[..<next]))
                }
            }
        }
    }
}

/// What came of a record.
enum RecordOutcome<Value> {
    case value(Value)
    case fault(LineFault)

    init(_ body: () throws(LineFault) -> Value) {
        do throws(LineFault) {
            self = .value(try body())
        } catch {
            self = .fault(error)
        }
    }
}
