/// Documents and questions in one file of JSON lines, as reimplementations of DSI write them: a `text_id`, and a `text` that begins with
/// what it is.
struct DSICollection {
    private let inputs: [RecipeInput]
    private var splits: [PublishedCollection.Split] = []

    private enum Entry {
        case document(Passage)
        case question(String, document: String)
    }

    private static let members = JSONLineReader(members: ["text_id", "text"])

    /// Reads the questions; their identifiers are the split and their number in it.
    init(_ inputs: [RecipeInput]) throws(CorpusError) {
        self.inputs = inputs
        var found: [(name: String, queries: [Query], table: JudgementTable)] = []
        for input in inputs {
            let name = NQ320kRecipe.split(of: input)
            if !found.contains(where: { $0.name == name }) { found.append((name, [], JudgementTable())) }
            let place = found.count - 1
            try RecipeLines.forEach(input.file) { (line, _) throws(LineFault) in
                guard case .question(let text, let document) = try Self.entry(line) else { return }
                let query = Query(id: Identifier("\(name)-\(found[place].queries.count + 1)"), text: text)
                found[place].queries.append(query)
                found[place].table.add(1, query: query.id, passage: Identifier(document))
            }
        }
        splits = found.filter { !$0.queries.isEmpty }.map { split in
            .init(name: split.name, questions: { body in split.queries.forEach(body) }, judgements: split.table)
        }
    }

    var collection: PublishedCollection {
        PublishedCollection(
            name: NQ320kRecipe.name,
            passages: { [inputs] (body) throws(CorpusError) in
                for input in inputs {
                    try RecipeLines.forEach(
                        input.file,
                        { (line, _) throws(LineFault) -> Passage? in
                            guard case .document(let passage) = try Self.entry(line) else { return nil }
                            return passage
                        }, body)
                }
            }, splits: splits)
    }

    private static func entry(_ line: UnsafeRawBufferPointer) throws(LineFault) -> Entry {
        let record = try JSONRecord(line, members)
        let id = try record.id(0, named: "text_id")
        let text = try record.text(1, named: "text")
        guard let colon = text.firstIndex(of: ":") else { throw Self.noKind }
        let rest = text[text.index(after: colon)...].trimmingPrefix(" ")
        switch text[..<colon].lowercased() {
        case "document", "passage": return .document(Passage(id: id, text: String(rest)))
        case "question": return .question(String(rest), document: id)
        default: throw Self.noKind
        }
    }

    private static let noKind = LineFault(
        "the text says not what it is, expected \"document: \" or \"question: \" before it")
}
