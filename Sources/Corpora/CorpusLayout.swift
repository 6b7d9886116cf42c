import Foundation

/// Which files make up a corpus, and in which format they are.
struct CorpusLayout: Sendable {
    let format: CorpusFormat
    /// The files in reading order, with the names that stand in passage ids of text folders.
    let files: [(path: String, name: String)]
    /// Files of the folder that are of no use.
    let skippedFiles: Int

    /// Finds out what is at the path.
    static func detect(path: String) throws(CorpusError) -> CorpusLayout {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw .notFound(path: path)
        }
        guard isFolder.boolValue else {
            let name = URL(fileURLWithPath: path).lastPathComponent
            let format = try FormatSample(path: path).format(
                isTextName: hasStem(name, endings: textEndings))
            return CorpusLayout(format: format, files: [(path, name)], skippedFiles: 0)
        }
        return try folder(path)
    }

    private static func folder(_ path: String) throws(CorpusError) -> CorpusLayout {
        let names: [String]
        do {
            names = try FileManager.default.subpathsOfDirectory(atPath: path)
        } catch {
            throw .unreadable(path: path, reason: "the folder cannot be listed")
        }
        for suffix in compressedSuffixes where names.contains("corpus.jsonl" + suffix) {
            let name = "corpus.jsonl" + suffix
            return CorpusLayout(
                format: .beirFolder, files: [("\(path)/\(name)", name)], skippedFiles: 0)
        }
        let visible = names.filter { name in
            !name.split(separator: "/").contains { $0.hasPrefix(".") } && isFile("\(path)/\(name)")
        }.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        func chosen(_ endings: [String]) -> [(path: String, name: String)] {
            visible.filter { hasStem($0, endings: endings) }.map { ("\(path)/\($0)", $0) }
        }
        let lines = chosen(["jsonl", "json", "ndjson"])
        if let first = lines.first, try FormatSample(path: first.path).holdsPassages {
            return CorpusLayout(
                format: .jsonFolder, files: lines, skippedFiles: visible.count - lines.count)
        }
        let texts = chosen(textEndings)
        guard !texts.isEmpty else {
            throw .unrecognised(
                path: path,
                reason: "the folder has nothing to read, expected corpus.jsonl, JSON lines files, "
                    + "or .txt and .md files")
        }
        return CorpusLayout(
            format: .textFolder, files: texts, skippedFiles: visible.count - texts.count)
    }

    /// The endings that a file may have on top of its own, plain first.
    static let compressedSuffixes = ["", ".gz", ".zst"]
    private static let textEndings = ["txt", "md", "markdown", "text"]

    /// A name says which files of a folder are meant; what is in them is checked when they are read.
    private static func hasStem(_ name: String, endings: [String]) -> Bool {
        let lowered = name.lowercased()
        return endings.contains { ending in
            compressedSuffixes.contains { lowered.hasSuffix("." + ending + $0) }
        }
    }

    private static func isFile(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
            && !isFolder.boolValue
    }
}
