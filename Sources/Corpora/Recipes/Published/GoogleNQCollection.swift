import Foundation

/// Natural Questions in Google's JSON lines, one question with its page each: a document for every title.
final class GoogleNQCollection {
    private let inputs: [RecipeInput]
    /// The number of a document by the key of its title.
    private var numbers: [String: Int] = [:]
    private var questions: [String: [Query]] = [:]
    private let tables: [String: JudgementTable]
    private let names: [String]

    private static let members = JSONLineReader(members: [
        "example_id", "question_text", "document_title", "document_text", "document_tokens",
    ])
    private static let tokenMembers = JSONLineReader(members: ["token"])

    /// Examples: Natural Questions' own counts. Documents: NCI's notebook, whose titles a tokenizer of BERT normalised.
    private static let figures = PublishedFigures(splits: ["train": .init(307_373), "dev": .init(7_830)])
    private static let documents = 109_739

    /// - Parameter inputs: in the order in which documents are numbered.
    init(_ inputs: [RecipeInput]) {
        self.inputs = inputs
        var names: [String] = []
        for input in inputs where !names.contains(NQ320kRecipe.split(of: input)) {
            names.append(NQ320kRecipe.split(of: input))
        }
        self.names = names
        tables = Dictionary(uniqueKeysWithValues: names.map { ($0, JudgementTable()) })
    }

    var collection: PublishedCollection {
        let splits = names.compactMap { name in
            tables[name].map { table in
                PublishedCollection.Split(
                    name: name, questions: { body in self.questions[name, default: []].forEach(body) },
                    judgements: table,
                    isJudgedLater: true)
            }
        }
        var collection = PublishedCollection(
            name: NQ320kRecipe.name, figures: Self.figures,
            passages: { (body) throws(CorpusError) in try self.read(body) }, splits: splits)
        collection.notes.append(
            "a document is a title's first page; NCI's 109,739 documents are by titles that a tokenizer normalised, here by case, marks "
                + "and punctuation")
        if names.count == 2 {
            collection.differences = {
                [CorpusDifference("documents", published: Self.documents, found: self.numbers.count)].compactMap { $0 }
            }
        }
        return collection
    }

    private func read(_ body: (Passage) throws(CorpusError) -> Void) throws(CorpusError) {
        (numbers, questions) = ([:], [:])
        for input in inputs {
            let split = NQ320kRecipe.split(of: input)
            try RecipeLines.forEach(
                input.file, { (line, _) throws(LineFault) in try self.passage(line, split) }, body)
        }
    }

    /// The document of a line, where its title is new.
    private func passage(_ line: UnsafeRawBufferPointer, _ split: String) throws(LineFault) -> Passage? {
        let record = try JSONRecord(line, Self.members)
        let query = Query(
            id: Identifier(try record.id(0, named: "example_id")), text: try record.text(1, named: "question_text"))
        let tokens = try Self.tokens(record)
        let title = record.text(2) ?? Self.heading(tokens)
        let key = Self.key(title)
        let isNew = numbers[key] == nil
        let number = numbers[key] ?? numbers.count
        numbers[key] = number
        questions[split, default: []].append(query)
        tables[split]?.add(1, query: query.id, passage: Identifier("\(number)"))
        guard isNew else { return nil }
        let words = tokens.lazy.filter { !Self.isTag($0) }.joined(separator: " ")
        return Passage(id: "\(number)", title: title, text: words)
    }

    /// Words and tags of the page.
    private static func tokens(_ record: JSONRecord) throws(LineFault) -> [String] {
        if let text = record.text(3) { return text.split(separator: " ").map(String.init) }
        guard record.raw(4) != nil else { throw LineFault("missing \"document_text\" or \"document_tokens\"") }
        var tokens: [String] = []
        try record.forEachElement(4, named: "document_tokens") { (raw) throws(LineFault) in
            tokens.append(try JSONRecord(raw, tokenMembers).text(0, named: "token"))
        }
        return tokens
    }

    private static func isTag(_ token: String) -> Bool {
        token.utf8.first == 0x3c && token.utf8.last == 0x3e && token.utf8.count > 2
    }

    /// What stands in the first `<H1>`, which is the title where none is given; empty where there is no such heading.
    private static func heading(_ tokens: [String]) -> String {
        guard let start = tokens.firstIndex(of: "<H1>"), let end = tokens[start...].firstIndex(of: "</H1>") else {
            return ""
        }
        return tokens[(start + 1)..<end].joined(separator: " ")
    }

    /// Titles with the same key are the same page: without case, marks on letters, white space and the spaces around punctuation.
    private static func key(_ title: String) -> String {
        var key = String.UnicodeScalarView()
        for scalar in title.lowercased().decomposedStringWithCanonicalMapping.unicodeScalars {
            let properties = scalar.properties
            if properties.isWhitespace || properties.generalCategory == .nonspacingMark { continue }
            key.append(scalar)
        }
        return String(key)
    }
}
