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
    /// Files that are none of these.
    private(set) var others: [String] = []

    /// - Parameters:
    ///   - layout: the names that are expected, for people.
    ///   - role: what a file is, by its name; nil for none of these.
    ///   - other: the split whose questions are those of a split that has none of its own.
    init(
        _ inputs: [RecipeInput], of recipe: String, expecting layout: String, role: (String) -> Role?,
        questionsOf other: (String) -> String? = { _ in nil }
    ) throws(CorpusError) {
        var files: [Role: InputFile] = [:]
        var names: [String] = []
        for input in inputs {
            guard let role = role(input.base) else {
                others.append(input.name)
                continue
            }
            // A folder may hold a file both packed and unpacked.
            if let first = files[role] {
                guard first.shown != input.file.shown else { continue }
                throw .option("\(first.shown) and \(input.file.shown) are the same file of \(recipe), expected one")
            }
            files[role] = input.file
            if case .questions(let split) = role { names.append(split) }
        }
        guard let passages = files[.passages] else {
            throw .option("\(recipe) needs a file of passages, expected \(layout)")
        }
        self.passages = passages
        for name in names {
            guard let questions = files[.questions(split: name)] else { continue }
            splits.append((name, questions, files.removeValue(forKey: .judgements(split: name))))
        }
        for case .judgements(let split) in files.keys.sorted(by: { "\($0)" < "\($1)" }) {
            guard let file = files[.judgements(split: split)] else { continue }
            guard let questions = other(split).flatMap({ files[.questions(split: $0)] }) else {
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
