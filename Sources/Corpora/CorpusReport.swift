/// What a reader has met so far; enough for a progress line and for a closing summary.
public struct CorpusReport: Sendable, Hashable, Codable {
    /// The most bad lines kept by name; all of them are counted.
    public static let keptBadLines = 20

    /// Passages handed out.
    public internal(set) var passages = 0
    /// Lines that gave no passage although they were not blank.
    public internal(set) var badLineCount = 0
    /// The first ``keptBadLines`` bad lines, in order.
    public internal(set) var badLines: [BadLine] = []
    /// Of these, passages with a title and no text, which options would let in.
    public internal(set) var titleOnlyCount = 0
    /// The files of a folder that are read, by kind; empty where the corpus is one file.
    public internal(set) var readFiles = FileTally()
    /// What else is in the folder.
    public internal(set) var passedOver = FileTally()
    /// Bytes read from the files as they are stored, compressed or not.
    public internal(set) var bytesRead = 0
    /// Bytes of all the files as they are stored.
    public internal(set) var totalBytes = 0

    public init() {}

    /// The part of the corpus that has been read, 0 to 1.
    public var fraction: Double {
        totalBytes > 0 ? min(1, Double(bytesRead) / Double(totalBytes)) : 1
    }

    /// Says what a folder holds, where its files were read one by one.
    package mutating func settle(read: FileTally, passedOver: FileTally) {
        (readFiles, self.passedOver) = (read, passedOver)
    }

    /// Adds what was met in another file.
    package mutating func add(_ other: CorpusReport) {
        passages += other.passages
        badLineCount += other.badLineCount
        badLines += other.badLines.prefix(max(0, Self.keptBadLines - badLines.count))
        titleOnlyCount += other.titleOnlyCount
        bytesRead += other.bytesRead
        totalBytes += other.totalBytes
    }

    /// Adds a passage that another file has already.
    package mutating func addDuplicate(_ id: String, at place: SourceLine, earlier: String) {
        passages -= 1
        add(BadLine(place: place, reason: "the identifier \"\(id)\" is already used in \(earlier)"), lines: 1)
    }

    /// Adds something that is wrong and costs no passage of the file that it is said of.
    package mutating func add(_ bad: BadLine) { add(bad, lines: 1) }

    mutating func add(_ bad: BadLine, lines: Int) {
        badLineCount += lines
        if bad.reason == BadLine.titleOnly { titleOnlyCount += 1 }
        if badLines.count < Self.keptBadLines { badLines.append(bad) }
    }
}
