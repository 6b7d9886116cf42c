/// The first lines of a file, from which its format is recognised.
struct FormatSample {
    /// A few broken lines at the start must not hide the format of the rest.
    private static let wanted = 20
    /// An object may run over many lines.
    private static let most = (lines: 400, bytes: 1 << 20)

    private let path: String
    /// All lines of the sample, without the blank ones.
    private var all: [[UInt8]] = []
    private var lines: ArraySlice<[UInt8]> { all.prefix(Self.wanted) }
    /// Whether the file goes on after the sample.
    private var isCut = true

    init(file: InputFile) throws(CorpusError) {
        path = file.shown
        let reader = try LineReader(file: file, chunkSize: 1 << 16)
        var bytes = 0
        while all.count < Self.most.lines, bytes < Self.most.bytes {
            do throws(CorpusError) {
                guard let line = try reader.next() else {
                    isCut = false
                    break
                }
                bytes += line.count
                if !line.isBlank { all.append(Array(line)) }
            } catch .overlong {
                continue
            }
        }
    }

    /// The format of a file, or nil where it has JSON, or a table, in which no passages can be found.
    func formatOfMember(isJSON: Bool) -> CorpusFormat? {
        guard let first = all.first else { return isJSON ? .jsonLines : nil }
        if isJSON {
            // What cannot be told is read, so that its lines are counted.
            if first.withUnsafeBytes(Self.wideEncoding) != nil { return .jsonLines }
            return jsonFormat(allowsBroken: true)
        }
        return tableFormat(allowsComma: true)
    }

    /// The format of a single file.
    ///
    /// - Parameter mayBeText: whether its name, or where it comes from, lets it be read as text.
    func format(ending: String, mayBeText: Bool) throws(CorpusError) -> CorpusFormat {
        guard let first = all.first else { throw .empty(path: path, badLines: 0, first: nil) }
        if let encoding = first.withUnsafeBytes(Self.wideEncoding) {
            throw .unrecognised(path: path, reason: "the file is \(encoding), expected UTF-8")
        }
        if let kind = Self.otherKind(first) {
            throw .unrecognised(path: path, reason: "the file is \(kind), which is not read")
        }
        guard !all.contains(where: { $0.contains(0) }) else {
            throw .unrecognised(path: path, reason: "the content is not text")
        }
        if TextCutter.markdownEndings.contains(ending) { return .textFile }
        if let format = jsonFormat(allowsBroken: false) { return format }
        if let format = tableFormat(allowsComma: !mayBeText) { return format }
        if mayBeText { return .textFile }
        throw .unrecognised(path: path, reason: complaint)
    }

    // MARK: JSON

    private func jsonFormat(allowsBroken: Bool) -> CorpusFormat? {
        guard let first = all.first else { return nil }
        let shapes = lines.map { line in
            Self.firstByte(line) == 0x7b ? line.withUnsafeBytes { PassageParser.shape(of: $0) } : nil
        }
        let objects = lines.count { Self.firstByte($0) == 0x7b }
        let isArray = Self.firstByte(first) == 0x5b
        if isArray || shapes.allSatisfy({ $0 == nil }), isObjectOverLines(first) {
            return allowsBroken && !holdsPassagesOverLines ? nil : .jsonDocuments
        }
        guard objects * 2 >= lines.count else { return nil }
        let read = shapes.compactMap { $0 }
        if allowsBroken, !read.isEmpty, !read.contains(where: \.isPassage) { return nil }
        return read.contains(where: \.usesUnderscore) ? .beirLines : .jsonLines
    }

    /// Whether the file begins as an array of objects, or with an object that its line does not end.
    private func isObjectOverLines(_ first: [UInt8]) -> Bool {
        let start = first.drop { $0 == 0x20 || $0 == 0x09 }
        if start.first == 0x5b {
            let inside = start.dropFirst().drop { $0 == 0x20 || $0 == 0x09 }
            return (inside.first ?? (all.count > 1 ? Self.firstByte(all[1]) : nil)) == 0x7b
        }
        guard start.first == 0x7b else { return false }
        guard let error = PassageParser.error(in: first) else { return false }
        return error.column > first.count && !error.isInString
    }

    private var holdsPassagesOverLines: Bool {
        let text = all.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "\n")
        return PassageParser.namesMembers(text)
    }

    private static func firstByte(_ line: [UInt8]) -> UInt8? { line.first { $0 != 0x20 && $0 != 0x09 } }

    // MARK: Tables

    private func tableFormat(allowsComma: Bool) -> CorpusFormat? {
        guard let first = all.first else { return nil }
        if HeadedTable(header: first, allowsComma: allowsComma) != nil { return .headedTable }
        let tabs = lines.map { line in line.first == 0x09 ? 0 : line.count { $0 == 0x09 } }
        if tabs.count(where: { $0 == 1 }) * 2 >= tabs.count { return .msMarco }
        if tabs.count(where: { $0 == 2 }) * 2 >= tabs.count, countsFromZero { return .colbert }
        if tabs.count(where: { $0 == 3 }) * 2 >= tabs.count, hasAddresses { return .msMarcoDocuments }
        return nil
    }

    private var countsFromZero: Bool {
        zip(lines, 0...).allSatisfy { line, number in
            line.prefix { $0 != 0x09 }.elementsEqual(String(number).utf8)
        }
    }

    private var hasAddresses: Bool {
        lines.allSatisfy { line in
            guard let tab = line.firstIndex(of: 0x09) else { return false }
            return line[(tab + 1)...].starts(with: "http".utf8)
        }
    }

    // MARK: What is not read

    /// The encoding of bytes that begin with the mark of another than UTF-8, or have the zeros of one.
    static func wideEncoding(_ start: UnsafeRawBufferPointer) -> String? {
        guard start.count >= 2 else { return nil }
        let (first, second) = (start[0], start[1])
        let zeros = start.count >= 4 ? (start[2], start[3]) : (1, 1)
        switch (first, second) {
        case (0xff, 0xfe): return zeros == (0, 0) ? "UTF-32" : "UTF-16"
        case (0xfe, 0xff): return "UTF-16"
        case (0, 0) where zeros == (0xfe, 0xff): return "UTF-32"
        // A letter and a zero, twice.
        case (0x20..<0x7f, 0) where start.count >= 4 && zeros.1 == 0 && zeros.0 != 0: return "UTF-16"
        case (0, 0x20..<0x7f) where start.count >= 4 && zeros.0 == 0 && zeros.1 != 0: return "UTF-16"
        default: return nil
        }
    }

    private static func otherKind(_ first: [UInt8]) -> String? {
        let kinds: [([UInt8], String)] = [
            (Array("BZh".utf8), "compressed by bzip2"), ([0xfd, 0x37, 0x7a, 0x58, 0x5a], "compressed by xz"),
            ([0x50, 0x4b, 0x03, 0x04], "a zip archive"), (Array("%PDF".utf8), "a PDF"),
            (Array("PAR1".utf8), "a Parquet table"), (Array("SQLite format".utf8), "an SQLite database"),
            ([0x04, 0x22, 0x4d, 0x18], "compressed by lz4"), ([0x7f, 0x45, 0x4c, 0x46], "a program"),
        ]
        return kinds.first { first.starts(with: $0.0) }?.1
    }

    private var complaint: String {
        let expected =
            "expected lines of JSON with id and text, lines of pid<TAB>text, or a table, parted by tabs or "
            + "commas, with a header that names id and text"
        let start = all.first ?? []
        if start.first == 0x5b { return "the file is a JSON array of no objects, \(expected)" }
        let columns = start.count { $0 == 0x09 } + 1
        if columns > 2 { return "the file has \(columns) columns and no header, \(expected)" }
        return "the format is not known, \(expected)"
    }
}
