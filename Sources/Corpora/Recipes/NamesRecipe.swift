import Foundation

/// Names and summaries out of tables: many short passages, as catalogues of packages, products or films have.
///
/// The first row of a file names its columns. Of every other row the first column is the name and the last the summary. A
/// passage's id is the file's name without its ending, a slash and the name.
enum NamesRecipe: CorpusRecipe {
    static let name = "names"
    static let summary = "names and summaries out of tab-separated files, with known-item questions"
    static let takesFiles = true

    /// Shorter summaries, in characters, say too little.
    private static let leastSummary = 16

    static func make(_ request: CorpusRequest) throws(CorpusError) -> CorpusRecipeReport {
        guard !request.files.isEmpty else { throw .option("names needs one tab-separated file or more") }
        if let limit = request.limit, limit < 1 { throw .option("the limit is \(limit) passages, expected 1 or more") }
        var corpus = try CorpusWriter(path: request.folder.appending(path: "corpus.jsonl").path)
        var questions = KnownItemQuestions(count: request.questions, seed: request.seed)
        var seen: Set<String> = []
        var (short, again) = (0, 0)
        // A limit takes as many of every file as it must, in the order of hashes: which rows follows from their names.
        var bound = UInt64.max
        if let limit = request.limit { bound = try self.bound(limit, request) }
        for file in request.files {
            try forEachRow(file) { (name, summary) throws(CorpusError) in
                guard summary.count >= leastSummary else {
                    short += 1
                    return
                }
                let id = "\(stem(file))/\(name)"
                if SeededHash.of(id, seed: request.seed) > bound { return }
                guard seen.insert(id).inserted else {
                    again += 1
                    return
                }
                try corpus.write(Passage(id: id, title: name, text: summary))
                questions.offer(id: id, name: name, text: summary)
            }
        }
        guard corpus.count > 0 else { throw .empty(path: request.files[0], badLines: short, first: nil) }
        let passages = corpus.count
        try corpus.finish()
        let (asked, judgements) = try questions.write(to: request.folder)
        var notes = ["known-item questions favour retrieval by words: every word of one stands in its passage"]
        if short > 0 { notes.append("\(short) rows without a summary of \(leastSummary) characters were passed over") }
        if again > 0 { notes.append("\(again) rows whose name had come before in their file were passed over") }
        return CorpusRecipeReport(passages: passages, questions: asked, judgements: judgements, notes: notes)
    }

    private static func stem(_ file: String) -> String { URL(filePath: file).deletingPathExtension().lastPathComponent }

    /// The hash that as many rows do not exceed.
    private static func bound(_ limit: Int, _ request: CorpusRequest) throws(CorpusError) -> UInt64 {
        var hashes: [UInt64] = []
        for file in request.files {
            try forEachRow(file) { (name, summary) throws(CorpusError) in
                guard summary.count >= leastSummary else { return }
                hashes.append(SeededHash.of("\(stem(file))/\(name)", seed: request.seed))
            }
        }
        hashes = Set(hashes).sorted()
        return hashes.isEmpty ? .max : hashes[min(limit, hashes.count) - 1]
    }

    /// Calls `body` with the name and the summary of every row but the first.
    private static func forEachRow(
        _ file: String, _ body: (String, String) throws(CorpusError) -> Void
    ) throws(CorpusError) {
        let reader = try LineReader(path: file)
        while let line = try reader.next() {
            guard reader.line > 1 else { continue }
            guard let first = line.firstIndex(of: 0x09), let last = line.lastIndex(of: 0x09) else { continue }
            let name = String(decoding: line[..<first], as: UTF8.self)
            let summary = String(decoding: line[(last + 1)...], as: UTF8.self)
            let trimmed = summary.trimmingCharacters(in: .whitespaces)
            if !name.isEmpty { try body(name, trimmed) }
        }
    }
}
