import Evaluation

/// The cells of a study in order: its lines, sizes and measures.
struct Study: Sendable {
    /// Those of a corpus that grows are here when all of it is there.
    let cells: [StudyCell]
    /// All cells of corpora that grow.
    let grown: [StudyCell]
    /// All lines, those of one retriever together.
    let lines: [StudyLine]
    /// The line of each retriever that figures by size show.
    let mains: [StudyLine]
    /// Options in which cells differ, in order of their names.
    let varied: [String]
    let sizes: [Int]
    let measures: [Measure]

    /// The measure that the summary speaks of.
    var headline: Measure? { measures.first }

    /// The line that others are compared with: the dense one where there is one.
    var baseline: StudyLine? {
        mains.first { $0.retriever == "dense" } ?? mains.first { $0.retriever == "bm25" } ?? mains.first
    }

    init(_ all: [StudyCell]) {
        let cells = all.filter { $0.growth?.isLast ?? true }
        self.cells = cells
        grown = all.filter { $0.growth != nil }
        sizes = Set(cells.map(\.sample.size)).sorted()
        measures = MeasureName.ordered(Set(cells.flatMap { $0.quality.keys.compactMap { Measure($0) } }))
        let names = Set(cells.flatMap { $0.options.others.keys }).sorted()
        varied = names.filter { name in Set(cells.map { $0.options.others[name] }).count > 1 }
        let groups = Dictionary(grouping: cells) { cell in
            StudyLine.Identity(
                options: cell.options, distractors: cell.sample.distractors, corpus: cell.sample.corpus)
        }
        let hasCorpora = Set(groups.keys.map(\.corpus)).count > 1
        let hasPools = Set(groups.keys.map(\.distractors)).count > 1
        let identities = groups.keys.sorted { Self.order($0) < Self.order($1) }
        let unstyled = identities.map { identity in
            let bySize = Dictionary(grouping: groups[identity] ?? [], by: \.sample.size)
            let points = bySize.keys.sorted().map { size in
                StudyLine.Point(
                    size: size,
                    cells: (bySize[size] ?? []).sorted { ($0.sample.replicate, $0.key) < ($1.sample.replicate, $1.key) }
                )
            }
            return StudyLine(identity: identity, name: "", style: 0, points: points)
        }
        // One line for each retriever, kind of distractors and corpus stands for it.
        var mains: [StudyLine] = []
        var lines: [StudyLine] = []
        let places = Dictionary(grouping: unstyled.indices) { index in
            let identity = unstyled[index].identity
            return [identity.options.retriever, identity.distractors, identity.corpus]
        }
        for members in places.values.sorted(by: { $0[0] < $1[0] }) {
            // What was learnt stands for a retriever only where it is all that there is of it: it has figures of its own.
            let untrained = members.filter { !unstyled[$0].isTrained }
            let main = (members.count == 1 ? members : untrained).min {
                Self.preference(unstyled[$0]) < Self.preference(unstyled[$1])
            }
            for member in members {
                var line = unstyled[member]
                line.style = mains.count
                let identity = line.identity
                let base =
                    Self.shown(identity.options.retriever) + (hasPools ? ", " + identity.distractors : "")
                    + (hasCorpora && !identity.corpus.isEmpty ? ", " + identity.corpus : "")
                line.name = base
                if member != main {
                    let mainOptions =
                        main.map { unstyled[$0].identity.options.others }
                        ?? Self.common(
                            members.map { unstyled[$0].identity.options.others })
                    line.name = base + ", " + Self.difference(identity.options.others, from: mainOptions)
                }
                lines.append(line)
            }
            if let main, let place = members.firstIndex(of: main) {
                mains.append(lines[lines.count - members.count + place])
            }
        }
        self.lines = lines
        self.mains = mains
    }

    /// The options that all have.
    private static func common(_ options: [[String: String]]) -> [String: String] {
        (options.first ?? [:]).filter { name, value in options.allSatisfy { $0[name] == value } }
    }

    /// The line that stands for others of its retriever.
    func main(of line: StudyLine) -> StudyLine? {
        mains.first {
            $0.retriever == line.retriever && $0.identity.distractors == line.identity.distractors
                && $0.identity.corpus == line.identity.corpus
        }
    }

    /// Options of a line that the other has not, as words.
    static func difference(_ options: [String: String], from others: [String: String]) -> String {
        let names = Set(options.keys).union(others.keys).sorted().filter { options[$0] != others[$0] }
        return names.map { name in options[name].map { "\(name) \($0)" } ?? "no \(name)" }.joined(separator: ", ")
    }

    /// A retriever's name as figures show it.
    static func shown(_ retriever: String) -> String {
        switch retriever {
        case "bm25": "BM25"
        case "ngram": "n-gram"
        default: retriever
        }
    }

    /// Where a retriever stands among others: the usual ones first.
    static func place(_ retriever: String) -> Int {
        let known = ["dense", "bm25", "ngram", "docid", "merge"]
        return known.firstIndex(of: retriever) ?? known.count
    }

    private static func order(_ identity: StudyLine.Identity) -> String {
        let place = place(identity.options.retriever)
        let options = identity.options.others.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        // Random distractors come before pooled ones.
        let pool = identity.distractors == "random" ? "0" : "1" + identity.distractors
        return ["\(place)", identity.options.retriever, pool, identity.corpus, options.joined(separator: " ")]
            .joined(separator: "\u{1}")
    }

    /// Most sizes first, then no typing errors, the widest beam, the name.
    private static func preference(_ line: StudyLine) -> [PreferenceItem] {
        let options = line.identity.options.others
        return [
            .number(-Double(line.points.count)), .number(options["typos"].flatMap { Double($0) } ?? 0),
            .number(-(options["beam"].flatMap { Double($0) } ?? 0)),
            .text(options.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ")),
        ]
    }
}

/// A number or a text by which lines are put in order.
private enum PreferenceItem: Comparable {
    case number(Double)
    case text(String)
}

extension Array where Element == PreferenceItem {
    fileprivate static func < (one: [PreferenceItem], other: [PreferenceItem]) -> Bool {
        one.lexicographicallyPrecedes(other)
    }
}
