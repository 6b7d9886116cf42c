import Foundation

/// Which files make up a corpus, and in which formats they are.
struct CorpusLayout: Sendable {
    struct Member: Sendable {
        let file: InputFile
        /// The bytes of its name in the folder, which stand in the ids of passages of a text.
        let name: [UInt8]
        let format: CorpusFormat
    }

    let format: CorpusFormat
    /// The files in reading order.
    let files: [Member]
    /// What is read of a folder, and what is not; empty where the corpus is one file.
    var read = FileTally()
    var passedOver = FileTally()

    /// The endings that a file may have on top of its own, plain first.
    static let compressedSuffixes = ["", ".gz", ".zst"]

    /// Finds out what is at the path; `-` is standard input.
    ///
    /// What is no file and no folder is read to its end and kept.
    static func detect(
        path: String, options: CorpusOptions, isCancelled: () -> Bool
    ) throws(CorpusError) -> CorpusLayout {
        if path == "-" || path == "/dev/stdin" {
            let file = try standardInput(isCancelled)
            return try single(file, name: Array("stdin".utf8), mayBeText: true)
        }
        var status = stat()
        guard stat(path, &status) == 0 else {
            if errno == ENOENT || errno == ENOTDIR { throw .notFound(path: path) }
            throw .unreadable(path: path, reason: String(cString: strerror(errno)))
        }
        let name = FileName.last(path.utf8)
        switch status.st_mode & S_IFMT {
        case S_IFDIR: return try folder(path, options)
        case S_IFREG:
            let isIncluded = options.include.contains { FilePattern($0).matches(name) }
            let mayBeText = isIncluded || textEndings.contains(FileName.ending(name))
            return try single(InputFile(path: path), name: name, mayBeText: mayBeText)
        default:
            let file = try spooled(path, isCancelled)
            let isNumber = name.allSatisfy { 0x30...0x39 ~= $0 }
            return try single(file, name: isNumber ? Array("stdin".utf8) : name, mayBeText: true)
        }
    }

    private static func standardInput(_ isCancelled: () -> Bool) throws(CorpusError) -> InputFile {
        let shown = "standard input"
        return InputFile(
            spool: try Spool(copying: STDIN_FILENO, path: shown, isCancelled: isCancelled), shown: shown)
    }

    private static func spooled(_ path: String, _ isCancelled: () -> Bool) throws(CorpusError) -> InputFile {
        // Without waiting: a pipe that nobody writes to must not hold the program in open(2).
        let source = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard source >= 0 else { throw .unreadable(path: path, reason: String(cString: strerror(errno))) }
        defer { close(source) }
        return InputFile(
            spool: try Spool(copying: source, path: path, isCancelled: isCancelled), shown: path)
    }

    private static func single(
        _ file: InputFile, name: [UInt8], mayBeText: Bool
    ) throws(CorpusError) -> CorpusLayout {
        let format = try FormatSample(file: file).format(ending: FileName.ending(name), mayBeText: mayBeText)
        return CorpusLayout(format: format, files: [Member(file: file, name: name, format: format)])
    }

    static let textEndings: Set<String> = ["txt", "md", "markdown", "text"]
    static let jsonEndings: Set<String> = ["jsonl", "json", "ndjson"]
    static let tableEndings: Set<String> = ["tsv", "csv"]
}
