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
    private var records: RecordReader?
    private var cutter: TextCutter?
    private var identifiers = IdentifierTable()
    private var isFinished = false

    /// Recognises the format and opens the corpus.
    ///
    /// - Throws: ``CorpusError`` where there is nothing at the path or nothing that can be read.
    public init(path: String, options: CorpusOptions = CorpusOptions()) throws(CorpusError) {
        try self.init(path: path, options: options, chunkSize: 1 << 20)
    }

    package init(path: String, options: CorpusOptions, chunkSize: Int) throws(CorpusError) {
        try options.validate()
        let layout = try CorpusLayout.detect(path: path)
        self.path = path
        self.options = options
        self.chunkSize = chunkSize
        self.layout = layout
        report = CorpusReport()
        report.skippedFiles = layout.skippedFiles
        for file in layout.files { report.totalBytes += FileSize.bytes(of: file.path) }
    }

    /// The next passage, or nil after the last.
    ///
    /// Bad lines are counted in the report and passed over, unless the options are strict.
    ///
    /// - Throws: ``CorpusError`` for a damaged file, an identifier that stands twice, a corpus
    ///   without any passage and, with strict options, the first bad line.
    public mutating func next() throws(CorpusError) -> Passage? {
        while !isFinished {
            do throws(CorpusError) {
                if let passage = try format.isText ? nextCut() : nextRecord() {
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

    private mutating func open() throws(CorpusError) {
        let (path, name) = layout.files[file]
        if format.isText {
            cutter = TextCutter(
                lines: try LineReader(path: path, chunkSize: chunkSize), name: name,
                options: options)
        } else {
            records = try RecordReader(path: path, format: format, chunkSize: chunkSize)
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
                try checkUnique(passage.id, line: records.line)
                return passage
            case .fault(let fault):
                try note(fault.reason, line: records.line)
            }
        }
    }

    private mutating func nextCut() throws(CorpusError) -> Passage? {
        guard let cutter else { return nil }
        defer { report.bytesRead = bytesOfFinishedFiles + cutter.bytesRead }
        while let outcome = try cutter.next() {
            switch outcome {
            case .value(let passage): return passage
            case .fault(let fault): try note(fault.reason, line: cutter.line)
            }
        }
        return nil
    }

    private mutating func note(_ reason: String, line: Int) throws(CorpusError) {
        let place = SourceLine(file: layout.files[file].path, line: line)
        let bad = BadLine(place: place, reason: reason)
        report.add(bad)
        if options.strict { throw .badLine(bad) }
    }

    private mutating func checkUnique(_ id: String, line: Int) throws(CorpusError) {
        let (layout, place) = (layout, SourcePlace(file: file, line: line))
        let earlier = try identifiers.insert(id, place: place) { (earlier) throws(CorpusError) in
            try layout.identifier(at: earlier) == id
        }
        guard let earlier else { return }
        throw .duplicate(
            id: id, first: layout.sourceLine(earlier), second: layout.sourceLine(place))
    }
}
