/// Short names of lines beside each other: the retriever, and what is not alike in the lines of the same retriever.
enum LineNames {
    /// - Returns: a name for each of some options; no two different ones have the same.
    static func names(_ lines: [StudyCell.Options], without left: Set<String> = []) -> [String] {
        lines.map { line in
            let alike = lines.filter { $0.retriever == line.retriever }
            let names = Set(alike.flatMap(\.others.keys)).subtracting(left).sorted().filter { name in
                Set(alike.map { $0.others[name] }).count > 1
            }
            let words = names.compactMap { name -> String? in
                guard let value = line.others[name] else { return name == "represent" ? "untrained" : nil }
                return ["docids", "represent"].contains(name) ? value : "\(name) \(value)"
            }
            // One scheme alone is told too.
            if words.isEmpty, let docids = line.others["docids"] { return "\(Study.shown(line.retriever)), \(docids)" }
            return ([Study.shown(line.retriever)] + words).joined(separator: ", ")
        }
    }
}
