import Foundation

/// What a model is asked, in words: an instruction, the passages, a question, and how the answer begins. A prompt for one passage,
/// for two and for twenty have the same parts. It can be read from a file of JSON with these members.
public struct RerankPrompt: Sendable, Equatable, Codable {
    /// The system's message; nil for none.
    public var system: String?
    /// Before the passages. May hold `{query}`, `{count}` and `{labels}`, as may `after` and `lead`.
    public var before = ""
    /// Each passage. Holds `{passage}`, and may hold `{label}`, `{rank}` and `{score}`, a number of 0 to 100 by the search before.
    public var passage: String
    /// After the passages.
    public var after = ""
    /// With what the answer begins.
    public var lead = ""
    /// The labels of passages in their order, or of answers; nil for the method's own.
    public var labels: [String]?

    init(
        system: String? = nil, before: String = "", passage: String, after: String = "", lead: String = "",
        labels: [String]? = nil
    ) {
        (self.system, self.before, self.passage, self.after) = (system, before, passage, after)
        (self.lead, self.labels) = (lead, labels)
    }

    public init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        system = try members.decodeIfPresent(String.self, forKey: .system)
        before = try members.decodeIfPresent(String.self, forKey: .before) ?? ""
        passage = try members.decode(String.self, forKey: .passage)
        after = try members.decodeIfPresent(String.self, forKey: .after) ?? ""
        lead = try members.decodeIfPresent(String.self, forKey: .lead) ?? ""
        labels = try members.decodeIfPresent([String].self, forKey: .labels)
    }

    /// What is wrong with a prompt.
    public struct Fault: Error, Sendable, Equatable, CustomStringConvertible {
        /// The member.
        public var member: String
        public var reason: String

        public var description: String { "\"\(member)\" \(reason)" }
    }

    /// - Throws: ``Fault`` where a placeholder does not exist or is missing.
    public func check() throws(Fault) {
        let around = ["query", "count", "labels"]
        for (member, text, known) in [
            ("system", system ?? "", around), ("before", before, around), ("after", after, around),
            ("lead", lead, around),
            ("passage", passage, ["passage", "label", "rank", "score"]),
        ] {
            for match in text.matches(of: /\{([A-Za-z]+)\}/) where !known.contains(String(match.1)) {
                throw Fault(
                    member: member,
                    reason: "holds {\(match.1)}; there are \(known.map { "{\($0)}" }.joined(separator: ", "))")
            }
        }
        guard passage.components(separatedBy: "{passage}").count == 2 else {
            throw Fault(member: "passage", reason: "must hold {passage} once")
        }
        if let labels, Set(labels).count < labels.count { throw Fault(member: "labels", reason: "has a label twice") }
    }

    /// Whether the search before is told of.
    var tellsScores: Bool { passage.contains("{score}") }

    /// A text with its placeholders filled; what fills one is not looked at again.
    static func filled(_ text: String, _ values: [String: String]) -> String {
        text.replacing(/\{([A-Za-z]+)\}/) { match in values[String(match.1)] ?? String(match.0) }
    }
}
