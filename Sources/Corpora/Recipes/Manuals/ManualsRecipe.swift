import Foundation

/// Pages of manuals, cut into passages by their sections, with the questions of a file or, without one, known-item questions.
///
/// The pages are HTML, as `scripts/manuals` makes them of packages: a file `scp.1.html` is the manual page of `scp`, any other a page
/// of a book. Of the files that are given, `questions.tsv` has the questions (``ManualQuestions``).
enum ManualsRecipe: CorpusRecipe {
    static let name = "manuals"
    static let summary =
        "manual pages and manuals in HTML (scripts/manuals), with questions that are yours or known items"
    static let takesFiles = true

    /// Bytes of a page; no manual has so many.
    private static let longestPage = 1 << 25
    /// Sections with fewer words say too little to be found.
    private static let leastWords = 12

    static func make(_ request: CorpusRequest) throws(CorpusError) -> CorpusRecipeReport {
        if let limit = request.limit, limit < 1 { throw .option("the limit is \(limit) passages, expected 1 or more") }
        let inputs = try RecipeInput.find(request.files, for: name)
        let pages = try pages(inputs, request.files)
        var asked: ManualQuestions?
        if let file = inputs.first(where: { $0.base == questionsName })?.file { asked = try ManualQuestions(file) }
        if let count = request.questions { asked?.keep(count, seed: request.seed) }

        var passages: [ManualPassage] = []
        var short = 0
        for (page, input) in pages {
            try add(ManualPage(name: page, html: read(input.file)), to: &passages, short: &short)
        }
        guard !passages.isEmpty else { throw .empty(path: request.files[0], badLines: 0, first: nil) }
        let all = passages.count
        let resolved = asked?.resolve(passages)
        if let limit = request.limit { passages = slice(passages, limit, judged: resolved?.qrels, request.seed) }

        var corpus = try CorpusWriter(path: request.folder.appending(path: "corpus.jsonl").path)
        var items = KnownItemQuestions(count: request.questions, seed: request.seed)
        for passage in passages {
            try corpus.write(passage.passage)
            if resolved == nil {
                items.offer(id: passage.passage.id, name: passage.passage.title, text: passage.passage.text)
            }
        }
        try corpus.finish()
        var notes = [
            "\(pages.count) pages have \(all) passages; \(short) sections of under \(leastWords) words are none"
        ]
        guard let (qrels, questions, more) = resolved else {
            let (asked, judgements) = try items.write(to: request.folder)
            notes.append("known-item questions favour retrieval by words: every word of one stands in its passage")
            return CorpusRecipeReport(passages: passages.count, questions: asked, judgements: judgements, notes: notes)
        }
        try Queries.write(questions, to: request.folder.appending(path: "queries.jsonl").path)
        try qrels.write(to: request.folder.appending(path: "qrels/test.tsv").path)
        return CorpusRecipeReport(
            passages: passages.count, questions: questions.count, judgements: qrels.count, notes: notes + more)
    }

    private static let questionsName = "questions.tsv"
    private static let pageEndings = [".html", ".htm", ".xhtml"]

    /// The pages by their names, those that stand twice once.
    private static func pages(
        _ inputs: [RecipeInput], _ files: [String]
    ) throws(CorpusError) -> [(name: String, input: RecipeInput)] {
        var pages: [(name: String, input: RecipeInput)] = []
        var names: Set<String> = []
        for input in inputs {
            guard let ending = pageEndings.first(where: input.name.hasSuffix) else { continue }
            // What a folder that was given is called is no part of the name of a page in it.
            let place = input.name.split(separator: "/").map(String.init)
            let own = place.count > 1 ? place.dropFirst().joined(separator: "/") : input.name
            let name = String(own.dropLast(ending.count))
            if names.insert(name).inserted { pages.append((name, input)) }
        }
        guard !pages.isEmpty else {
            throw .option(
                "\(files[0]): no HTML pages found; \"scripts/manuals PAGES\" makes some of Debian packages, .deb files or "
                    + "folders of manual pages")
        }
        return pages
    }

    private static func read(_ file: InputFile) throws(CorpusError) -> [UInt8] {
        let stream = try ByteStream(file: file)
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = try chunk.withUnsafeMutableBufferPointer { (chunk) throws(CorpusError) in
                try stream.read(into: UnsafeMutableRawBufferPointer(chunk))
            }
            if count == 0 { return bytes }
            bytes += chunk[..<count]
            guard bytes.count <= longestPage else {
                throw .unreadable(path: file.shown, reason: "a page has at most \(longestPage >> 20) MiB")
            }
        }
    }

    private static func add(_ page: ManualPage, to passages: inout [ManualPassage], short: inout Int) {
        var number = 0
        for section in page.sections {
            guard section.paragraphs.reduce(0, { $0 + WhiteSpace.wordCount($1) }) >= leastWords else {
                short += 1
                continue
            }
            for text in SectionCutter.passages(section.paragraphs) {
                number += 1
                passages.append(
                    ManualPassage(
                        page: page.name, heading: section.heading,
                        passage: Passage(
                            id: "\(FileName.identifier(Array(page.name.utf8)))#\(number)",
                            title: page.title(of: section),
                            text: text)))
            }
        }
    }

    /// All judged passages, and others by a hash of their ids, as many as a limit says.
    private static func slice(
        _ passages: [ManualPassage], _ limit: Int, judged qrels: Qrels?, _ seed: UInt64
    ) -> [ManualPassage] {
        let judged = Set((qrels?.judgements.values).map { $0.flatMap(\.keys) } ?? [])
        let order = passages.indices.map { place in
            let id = passages[place].passage.id
            return (judged.contains(Identifier(id)) ? 0 : 1, SeededHash.of(id, seed: seed), place)
        }
        return order.sorted(by: <).prefix(max(limit, judged.count)).map { $0.2 }.sorted().map { passages[$0] }
    }
}
