import Foundation

/// Questions, and for each the passages that answer it, by words in them: numbers of passages change with the versions of packages,
/// a page and the words that an answer has seldom do.
///
/// A line has five columns: an id, the question (empty after its first line), a page, one of its headings, and some words of the
/// passage.
struct ManualQuestions {
    struct Key {
        let page: String
        let heading: String
        let words: String
    }

    private static let columns = "id, question, page, heading, words"

    private(set) var questions: [Query] = []
    private var keys: [Identifier: [Key]] = [:]

    init(_ file: InputFile) throws(CorpusError) {
        try RecipeLines.forEach(file) { (line, number) throws(LineFault) in
            guard let text = String(validating: line, as: UTF8.self) else { throw LineFault("invalid UTF-8") }
            let cells = text.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            guard cells.count == 5 else {
                throw LineFault("\(cells.count) column\(cells.count == 1 ? "" : "s"), expected 5 (\(Self.columns))")
            }
            if number == 1, cells[0] == "id" { return }
            let id = Identifier(cells[0])
            if let known = questions.last(where: { $0.id == id }) {
                guard cells[1].isEmpty || cells[1] == known.text else {
                    throw LineFault("\(id) had another question before")
                }
            } else {
                guard !id.isEmpty, !cells[1].isEmpty else {
                    throw LineFault("missing question, expected \(Self.columns)")
                }
                questions.append(Query(id: id, text: cells[1]))
            }
            guard !cells[2].isEmpty, !cells[4].isEmpty else {
                throw LineFault("missing words, expected \(Self.columns)")
            }
            keys[id, default: []].append(Key(page: cells[2], heading: cells[3], words: cells[4]))
        }
    }

    /// Keeps the questions with the lowest hashes.
    mutating func keep(_ count: Int, seed: UInt64) {
        let hashes = questions.map { (SeededHash.of($0.id.string, seed: seed), $0.id) }
        let kept = Set(hashes.sorted(by: <).prefix(count).map { $0.1 })
        questions.removeAll { !kept.contains($0.id) }
    }

    /// Finds the passages that the keys mean: of a page's passages with the words the first under the heading, or the first of all
    /// where that heading is gone.
    func resolve(_ passages: [ManualPassage]) -> (qrels: Qrels, questions: [Query], notes: [String]) {
        let pages = Dictionary(grouping: passages, by: \.page)
        var qrels = Qrels()
        var lost: [String] = []
        var (known, several) = (0, 0)
        for question in questions {
            for key in keys[question.id] ?? [] {
                let words = WhiteSpace.collapsed(key.words)
                let found = (pages[key.page] ?? []).filter { $0.passage.text.contains(words) }
                let near = found.filter { $0.heading.lowercased() == key.heading.lowercased() }
                guard let passage = near.first ?? found.first else {
                    lost.append("\(question.id) \(key.page) \"\(words)\"")
                    continue
                }
                if max(near.count, near.isEmpty ? found.count : 0) > 1 { several += 1 }
                if qrels.set(1, query: question.id, passage: Identifier(passage.passage.id)) == nil { known += 1 }
            }
        }
        var notes: [String] = []
        if !lost.isEmpty {
            notes.append(
                "\(lost.count) judgement\(lost.count == 1 ? "" : "s") of \(known + lost.count) fit no passage: "
                    + lost.prefix(5).joined(separator: ", ") + (lost.count > 5 ? ", …" : ""))
        }
        if several > 0 {
            notes.append("the words of \(several) judgements stand in several passages; the first counts")
        }
        let judged = questions.filter { !qrels.judgements(of: $0.id).isEmpty }
        if judged.count < questions.count {
            notes.append("\(questions.count - judged.count) questions that no passage answers were left out")
        }
        return (qrels, judged, notes)
    }
}

/// A passage of a manual, and where it is from.
struct ManualPassage {
    let page: String
    let heading: String
    let passage: Passage
}
