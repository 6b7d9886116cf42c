import Foundation

/// Writes a published collection in BEIR's layout: `corpus.jsonl`; the evaluated split as `queries.jsonl` and `qrels/test.tsv`; every
/// other split X as `queries-X.jsonl` and `qrels/X.tsv`, where `published-test` stands for a `test` that is not evaluated.
///
/// Memory grows with questions and judgements, and by 24 to 48 bytes a passage to know ids that repeat; a limit keeps all ids, too. Texts
/// pass through.
struct CollectionWriter {
    private let collection: PublishedCollection
    private let request: CorpusRequest
    private let folder: URL
    private var tally = Tally()

    /// What was met on the way.
    private struct Tally {
        var read = 0
        var titleOnly = 0
        var empty = 0
        var again: (count: Int, first: String) = (0, "")
    }

    /// - Parameter folder: where to write, if not the request's.
    static func write(
        _ collection: PublishedCollection, _ request: CorpusRequest, to folder: URL? = nil
    ) throws(CorpusError) -> CorpusRecipeReport {
        var writer = CollectionWriter(collection, request, folder ?? request.folder)
        return try writer.write()
    }

    private init(_ collection: PublishedCollection, _ request: CorpusRequest, _ folder: URL) {
        (self.collection, self.request, self.folder) = (collection, request, folder)
    }

    private mutating func write() throws(CorpusError) -> CorpusRecipeReport {
        if let limit = request.limit, limit < 1 { throw .option("the limit is \(limit) passages, expected 1 or more") }
        if let count = request.questions, count < 1 {
            throw .option("\(count) questions are asked for, expected 1 or more")
        }
        let evaluated = try evaluatedSplit()
        var hashes: [(id: Identifier, hash: UInt64)] = []
        let surveys =
            request.limit != nil || (request.questions != nil && collection.splits.contains { $0.isJudgedLater })
        if surveys {
            try collection.passages { passage in
                if request.limit != nil {
                    hashes.append((Identifier(passage.id), SeededHash.of(passage.id, seed: request.seed)))
                }
            }
            for split in collection.splits { split.judgements.isComplete = true }
        }
        var notes = collection.notes
        if let limit = request.questions { keepQuestions(limit) }
        let chosen = try chosenPassages(hashes)
        hashes = []

        var corpus = try CorpusWriter(path: path("corpus.jsonl"))
        try readPassages(chosen, into: &corpus)
        guard corpus.count > 0 else {
            throw .empty(path: request.files.first ?? collection.name, badLines: 0, first: nil)
        }
        let splits = try collection.splits.map { (split) throws(CorpusError) in
            try SplitQuestions(split, limit: request.questions, seed: request.seed)
        }
        let differences = differences(splits)
        if request.isStrict, !differences.isEmpty { throw .differs(differences) }

        notes += passageNotes()
        if splits.isEmpty { notes.append("there are no questions among these files") }
        let passages = corpus.count
        try corpus.finish()
        for (place, split) in splits.enumerated() {
            let isEvaluated = place == evaluated
            // "test" is where the evaluated judgements are.
            let name = isEvaluated ? "test" : split.name == "test" ? "published-test" : split.name
            let questions = isEvaluated ? "queries.jsonl" : "queries-\(name).jsonl"
            try Queries.write(split.questions, to: path(questions))
            var places = questions
            if split.judgements.count > 0 {
                try split.judgements.write(to: path("qrels/\(name).tsv"))
                places += " and qrels/\(name).tsv"
            }
            if splits.count > 1 { notes.append("questions of \(split.name): \(split.questions.count), in \(places)") }
            notes += split.notes
        }
        let shown = splits.isEmpty ? nil : splits[evaluated]
        return CorpusRecipeReport(
            passages: passages, questions: shown?.questions.count ?? 0, judgements: shown?.judgements.count ?? 0,
            notes: notes, differences: differences)
    }

    private func path(_ name: String) -> String { folder.appending(path: name).path }

    /// The place of the split that the caller named, or of the best one.
    private func evaluatedSplit() throws(CorpusError) -> Int {
        let splits = collection.splits
        if let name = request.split {
            guard let place = splits.firstIndex(where: { $0.name == name }) else {
                let names = splits.map(\.name).joined(separator: ", ")
                throw .option(
                    "\(collection.name) has no split \"\(name)\" among these files, expected one of: \(names)")
            }
            return place
        }
        return splits.indices.min { (splits[$0].rank, $0) < (splits[$1].rank, $1) } ?? 0
    }

    /// Keeps of every split the questions with the lowest hashes.
    private func keepQuestions(_ limit: Int) {
        for split in collection.splits where split.judgements.count > 0 {
            let hashes = split.judgements.queries.map { (SeededHash.of($0.string, seed: request.seed), $0) }
            split.judgements.keep(Set(hashes.sorted(by: <).prefix(limit).map { $0.1 }))
            split.judgements.isComplete = true
        }
    }

    /// The ids of the passages that a limit leaves: those that are judged, and those with the lowest hashes; nil for all.
    private func chosenPassages(_ hashes: [(id: Identifier, hash: UInt64)]) throws(CorpusError) -> Set<Identifier>? {
        guard let limit = request.limit else { return nil }
        var chosen = Set(
            hashes.lazy.map(\.id).filter { id in collection.splits.contains { $0.judgements.isJudged(passage: id) } })
        guard chosen.count <= limit else {
            throw .option(
                "--limit \(limit) leaves no room for the \(chosen.count) passages that are judged; --questions takes fewer questions"
            )
        }
        for (id, _) in hashes.sorted(by: { ($0.hash, $0.id) < ($1.hash, $1.id) }) {
            if chosen.count == limit { break }
            chosen.insert(id)
        }
        return chosen
    }

    private mutating func readPassages(_ chosen: Set<Identifier>?, into corpus: inout CorpusWriter) throws(CorpusError)
    {
        var (tally, ids) = (Tally(), IdentifierTable())
        try collection.passages { (passage) throws(CorpusError) in
            tally.read += 1
            let place = SourcePlace(file: 0, line: tally.read)
            // Hashes of 64 bits: among ten million ids two are taken for one once in some 400,000 corpora.
            if try ids.insert(passage.id, place: place, isSame: { _ in true }) != nil {
                tally.again = (tally.again.count + 1, tally.again.count == 0 ? passage.id : tally.again.first)
                return
            }
            let id = Identifier(passage.id)
            for split in collection.splits { split.judgements.found(passage: id) }
            if let chosen, !chosen.contains(id) { return }
            if passage.text.isBlank {
                guard !passage.title.isBlank else {
                    tally.empty += 1
                    return
                }
                tally.titleOnly += 1
            }
            try corpus.write(passage)
        }
        self.tally = tally
    }

    private func differences(_ splits: [SplitQuestions]) -> [CorpusDifference] {
        let figures = collection.figures
        var found = [CorpusDifference("passages", published: figures.passages, found: tally.read)].compactMap { $0 }
        for split in splits {
            guard let published = figures.splits[split.name] else { continue }
            // Of fewer questions than there are, fewer are judged.
            let judged = request.questions == nil ? published.judged : nil
            found += [
                .init("questions of \(split.name)", published: published.questions, found: split.read),
                .init("judged questions of \(split.name)", published: judged, found: split.judged),
                .init("judgements of \(split.name)", published: published.judgements, found: split.judgements.lines),
            ].compactMap { $0 }
        }
        return found + collection.differences()
    }

    private func passageNotes() -> [String] {
        var notes: [String] = []
        if tally.titleOnly > 0 {
            notes.append(
                "passages with a title and no text: \(tally.titleOnly); genret index --allow-title-only takes them")
        }
        if tally.empty > 0 { notes.append("passages with neither title nor text, which are left out: \(tally.empty)") }
        if tally.again.count > 0 {
            notes.append(
                "passages with the id of an earlier one, which are left out: \(tally.again.count), first \(tally.again.first)"
            )
        }
        return notes
    }
}
