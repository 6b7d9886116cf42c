/// The files of a collection that comes as one file of passages, and one of questions and one of judgements for each split.
struct SplitFiles {
    /// What a file is.
    enum Role: Hashable {
        case passages
        case questions(split: String)
        case judgements(split: String)
    }

    let passages: InputFile
    /// In the order in which the files were given.
    private(set) var splits: [(name: String, questions: InputFile, judgements: InputFile?)] = []
    /// Files that are none of these, or are there more than once.
    private(set) var others: [String] = []

    /// - Parameters:
    ///   - layout: the names that are expected, for people.
    ///   - role: what a file is, by its name; nil for none of these.
    ///   - other: the split whose questions are those of a split that has none of its own.
    init(
        _ inputs: [RecipeInput], of recipe: String, expecting layout: String, role: (String) -> Role?,
        questionsOf other: (String) -> String? = { _ in nil }
    ) throws(CorpusError) {
        var files: [Role: RecipeInput] = [:]
        var names: [String] = []
        for input in inputs {
            guard let role = role(input.base) else {
                others.append(input.name)
                continue
            }
            if case .questions(let split) = role, files[role] == nil { names.append(split) }
            guard let earlier = files[role] else {
                files[role] = input
                continue
            }
            // Beside an archive often lies what somebody took out of it, which is quicker to read.
            let replaces = earlier.isPacked && !input.isPacked
            if replaces { files[role] = input }
            others.append((replaces ? earlier : input).file.shown)
        }
        guard let passages = files[.passages]?.file else {
            throw .option("\(recipe) needs a file of passages, expected \(layout)")
        }
        self.passages = passages
        for name in names {
            guard let questions = files[.questions(split: name)]?.file else { continue }
            splits.append((name, questions, files.removeValue(forKey: .judgements(split: name))?.file))
        }
        let judged = files.keys.compactMap { if case .judgements(let split) = $0 { split } else { nil } }
        for split in judged.sorted() {
            guard let file = files[.judgements(split: split)]?.file else { continue }
            guard let questions = other(split).flatMap({ files[.questions(split: $0)]?.file }) else {
                throw .option(
                    "\(file.shown) has judgements of \(split) and there are no questions of it, expected \(layout)")
            }
            splits.append((split, questions, file))
        }
    }

    /// The name between a beginning and an end, as in `queries.dev.tsv`.
    static func part(of name: String, between start: String, and end: String) -> String? {
        guard name.hasPrefix(start), name.hasSuffix(end), name.count > start.count + end.count else { return nil }
        return String(name.dropFirst(start.count).dropLast(end.count))
    }
}
