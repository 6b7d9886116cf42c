/// Questions in TREC's topics: SGML whose elements are not closed (`<top><num>…<title>…`) and XML
/// (`<topic number="1"><query>…`).
///
/// The question is `query`, `title` or `question`, else what stands in the topic itself, else its
/// description, else all that it has. `Number: 051` is 51 and `Number: MB01` is 1, as in the judgements.
struct TopicMarkup {
    private struct Topic {
        var id: String?
        var fields: [String: String] = [:]
        var order: [String] = []
        let offset: Int
    }

    private static let containers: Set<String> = ["top", "topic"]
    private static let numbers: Set<String> = ["num", "number", "id", "qid", "topic_no", "topicid", "topic_id"]
    private static let texts = ["query", "title", "question", "", "summary", "desc", "description"]

    /// The topics of a text; nil where there are none.
    static func queries(_ bytes: UnsafeRawBufferPointer) throws(TopicFault) -> [(query: Query, offset: Int)]? {
        var scanner = MarkupScanner(bytes)
        var topics: [Topic] = []
        var open: Topic?
        var field = ""
        while let event = try scanner.next() {
            switch event {
            case .start(let name, let attributes, let offset):
                if containers.contains(name) {
                    if let open { topics.append(open) }
                    open = Topic(
                        id: attributes.first { numbers.contains($0.name) }?.value, offset: offset)
                    field = ""
                } else if open != nil {
                    field = name
                }
            case .end(let name):
                if containers.contains(name), let closed = open {
                    topics.append(closed)
                    open = nil
                }
                field = ""
            case .text(let text):
                guard open != nil, !text.isBlank else { continue }
                if numbers.contains(field) {
                    if open?.id == nil { open?.id = number(text) }
                } else {
                    if open?.fields[field] == nil { open?.order.append(field) }
                    open?.fields[field, default: ""] += text
                }
            }
        }
        if let open { topics.append(open) }
        guard !topics.isEmpty else { return nil }
        var found: [(query: Query, offset: Int)] = []
        for topic in topics {
            guard let id = topic.id?.trimmed, !id.isEmpty else {
                throw TopicFault("missing id, expected a number in <num> or as an attribute", topic.offset)
            }
            found.append((Query(id: Identifier(id), text: text(of: topic)), topic.offset))
        }
        return found
    }

    private static func text(of topic: Topic) -> String {
        let chosen =
            texts.lazy.compactMap { topic.fields[$0] }.first
            ?? topic.order.filter { $0 != "narr" && $0 != "narrative" }.compactMap { topic.fields[$0] }.joined(
                separator: " ")
        let words = WhiteSpace.words(of: chosen)
        // Old collections repeat the element's name in its text.
        let labels = ["Topic:", "Title:", "Description:"].map { Array($0.utf8) }
        let isLabelled = words.first.map { word in labels.contains { word.utf8.elementsEqual($0) } } ?? false
        return (isLabelled ? words.dropFirst() : words[...]).joined(separator: " ")
    }

    private static func number(_ text: String) -> String {
        let trimmed = text.trimmed
        guard trimmed.utf8.count < 256, trimmed.hasPrefix("Number:") else { return trimmed }
        let number = trimmed.dropFirst("Number:".count).drop { $0.isWhitespace }
        let digits = number.hasPrefix("MB") ? number.dropFirst(2) : number
        guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return String(number) }
        let significant = digits.drop { $0 == "0" }
        return significant.isEmpty ? "0" : String(significant)
    }
}
