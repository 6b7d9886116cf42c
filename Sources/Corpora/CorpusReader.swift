/// Reads the passages of a corpus one after the other, in bounded memory.
///
/// ```swift
/// var reader = try CorpusReader(path: "collection.tsv.gz")
/// while let passage = try reader.next() { ... }
/// print(reader.report.badLineCount)
/// ```
///
/// The reader owns its files alone, so it may be handed from one task to another.
public struct CorpusReader: ~Copyable, @unchecked Sendable {
    /// The path as given.
    public let path: String
    /// What was recognised there.
    public var format: CorpusFormat { layout.format }
    public let options: CorpusOptions
    /// What has been read so far.
    public private(set) var report: CorpusReport

    private let layout: CorpusLayout
    private let chunkSize: Int
    private var file = 0
    private var bytesOfFinishedFiles = 0
    private var outcomesOfFinishedFiles = 0
    private var records: RecordReader?
    private var cutter: TextCutter?
    private var identifiers = IdentifierTable()
    /// How many identifiers that stand twice have been read again.
    private var readAgain = 0
    private var isFinished = false

    /// Equal hashes of 64 bits are read again, to be sure, only so often: a file that stands twice in a
    /// corpus would be read as often as it has lines.
    private static let mostReadAgain = 4

    /// The place, among the files of a folder, of the one that the last passage came from.
    package var fileNumber: Int { file }

    /// The line that the last passage ends on; 0 where there is none.
    package var lineNumber: Int { records?.line ?? cutter?.line ?? 0 }

    /// Recognises the format and opens the corpus; a ``CorpusSource`` opens one more than once.
    ///
    /// - Throws: ``CorpusError`` where there is nothing at the path or nothing that can be read.
    public init(path: String, options: CorpusOptions = CorpusOptions()) throws(CorpusError) {
        try self.init(path: path, options: options, chunkSize: 1 << 20)
    }

    package init(path: String, options: CorpusOptions, chunkSize: Int) throws(CorpusError) {
        try options.validate()
        let layout = try CorpusLayout.detect(path: path, options: options, isCancelled: { false })
        self.init(path: path, layout: layout, options: options, chunkSize: chunkSize)
    }

    init(path: String, layout: CorpusLayout, options: CorpusOptions, chunkSize: Int = 1 << 20) {
        self.path = path
        self.options = options
        self.chunkSize = chunkSize
        self.layout = layout
        report = CorpusReport()
        report.readFiles = layout.read
        report.passedOver = layout.passedOver
        for member in layout.files { report.totalBytes += member.file.byteCount }
    }

    /// The next passage, or nil after the last.
    ///
    /// Bad lines, such as those whose identifier stands twice, are counted in the report and passed
    /// over, unless the options are strict.
    ///
    /// - Throws: ``CorpusError`` for a damaged file, a corpus without any passage and, with strict
    ///   options, the first bad line.
    public mutating func next() throws(CorpusError) -> Passage? {
        while !isFinished {
            do throws(CorpusError) {
                if let passage = try cutter != nil ? nextCut() : nextRecord() {
                    report.passages += 1
                    return passage
                }
                try advance()
            } catch {
                isFinished = true
                throw error
            }
        }
        return nil
    }

    /// Goes to the next file, or to the end.
    private mutating func advance() throws(CorpusError) {
        if records == nil, cutter == nil, file < layout.files.count {
            try open()
            return
        }
        bytesOfFinishedFiles = report.bytesRead
        noteIfEmpty()
        records = nil
        cutter = nil
        file += 1
        if file < layout.files.count {
            try open()
            return
        }
        isFinished = true
        guard report.passages > 0 else {
            throw .empty(path: path, badLines: report.badLineCount, first: report.badLines.first)
        }
    }

    /// A file of a folder that gave neither a passage nor a bad line is said to be empty.
    private mutating func noteIfEmpty() {
        defer { outcomesOfFinishedFiles = report.passages + report.badLineCount }
        guard report.passages + report.badLineCount == outcomesOfFinishedFiles, !layout.read.isEmpty else { return }
        let name = layout.files[file].name
        report.readFiles.remove(.ending(FileName.ending(name)))
        report.passedOver.add(.empty, name: FileName.shown(name))
    }

    private mutating func open() throws(CorpusError) {
        let member = layout.files[file]
        if member.format.isText {
            cutter = TextCutter(
                lines: try LineReader(file: member.file, chunkSize: chunkSize), name: member.name,
                options: options)
        } else {
            records = try RecordReader(file: member.file, format: member.format, chunkSize: chunkSize)
        }
    }

    private mutating func nextRecord() throws(CorpusError) -> Passage? {
        guard let records else { return nil }
        let (parser, allowTitleOnly) = (records.parser, options.allowTitleOnly)
        while true {
            let outcome = try records.next { (bytes) throws(LineFault) in
                try parser.passage(bytes, allowTitleOnly: allowTitleOnly)
            }
            report.bytesRead = bytesOfFinishedFiles + records.bytesRead
            switch outcome {
            case nil: return nil
            case .value(let passage):
                if try isNew(passage.id, line: records.line) { return passage }
            case .fault(let fault):
                try note(fault, line: records.line)
            }
        }
    }

    private mutating func nextCut() throws(CorpusError) -> Passage? {
        guard let cutter else { return nil }
        defer { report.bytesRead = bytesOfFinishedFiles + cutter.bytesRead }
        while let outcome = try cutter.next() {
            switch outcome {
            case .value(let passage):
                // Made from names and numbers, they can be equal only to other files' own.
                if format != .mixedFolder { return passage }
                if try isNew(passage.id, line: cutter.line) { return passage }
            case .fault(let fault): try note(fault, line: cutter.line)
            }
        }
        return nil
    }

    private mutating func note(_ fault: LineFault, line: Int) throws(CorpusError) {
        let place = SourceLine(file: layout.files[file].file.shown, line: line)
        let bad = BadLine(place: place, reason: fault.reason)
        report.add(bad, lines: fault.lines)
        if options.strict { throw .badLine(bad) }
    }

    /// Whether an identifier has not been met before; where it has, the line is a bad one.
    private mutating func isNew(_ id: String, line: Int) throws(CorpusError) -> Bool {
        let (layout, place) = (layout, SourcePlace(file: file, line: line))
        let mustRead = readAgain < Self.mostReadAgain
        let earlier = try identifiers.insert(id, place: place) { (earlier) throws(CorpusError) in
            guard mustRead else { return true }
            return try layout.has(id, at: earlier)
        }
        guard let earlier else { return true }
        readAgain += 1
        let (first, second) = (layout.sourceLine(earlier), layout.sourceLine(place))
        if options.strict { throw .duplicate(id: id, first: first, second: second) }
        try note(LineFault("the identifier \"\(id)\" is already used at \(first)"), line: line)
        return false
    }
}
