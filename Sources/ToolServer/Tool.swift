import Memory
import Search
import Serving

/// Something that a model can call. A new tool is a type in a file of its own and a line in ``ToolServer``.
protocol Tool: Sendable {
    var name: String { get }
    var title: String { get }
    /// What a model chooses by.
    var summary: String { get }
    var input: [Schema.Member] { get }
    var output: Schema { get }

    /// - Throws: ``Problem`` and what indexes throw, in sentences that a model can act on.
    func call(_ arguments: ToolArguments, _ cancellation: Cancellation) throws -> JSONTree
}

/// What a tool is called with.
struct ToolArguments: Sendable {
    private let members: [String: JSONTree]

    /// - Throws: ``Problem`` for an argument that does not exist.
    init(_ tree: JSONTree?, of tool: any Tool) throws(Problem) {
        guard case .object(let members) = tree ?? .object([:]) else {
            throw Problem(.invalidOption, "arguments is an object")
        }
        let known = tool.input.map(\.name)
        for name in members.keys.sorted() where !known.contains(name) {
            throw Problem(
                .invalidOption,
                "there is no argument \"\(name.prefix(100))\"; there are \(known.joined(separator: ", "))")
        }
        self.members = members
    }

    func text(_ name: String) throws(Problem) -> String {
        guard case .string(let text)? = members[name] else { throw Problem(.invalidOption, "\(name) must be a text") }
        return text
    }

    func textIfPresent(_ name: String) throws(Problem) -> String? {
        members[name] == nil || members[name] == .null ? nil : try text(name)
    }

    func integer(_ name: String, _ range: ClosedRange<Int>) throws(Problem) -> Int? {
        guard let value = members[name], value != .null else { return nil }
        guard case .integer(let number) = value, let own = Int(exactly: number), range.contains(own) else {
            throw Problem(.invalidOption, "\(name) must be a whole number, \(range.lowerBound) to \(range.upperBound)")
        }
        return own
    }
}
