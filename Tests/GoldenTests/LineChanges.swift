/// How one text became another, by lines; a number's last digit may differ by one, as it does between machines.
struct LineChanges: CustomStringConvertible {
    private let changes: [CollectionDifference<Substring>.Change]
    private static let limit = 12

    init(from old: String, to new: String) {
        let (old, new) = (Self.lines(old), Self.lines(new))
        changes = new.difference(from: old, by: Self.isSame).sorted { Self.place($0) < Self.place($1) }
    }

    var isEmpty: Bool { changes.isEmpty }

    /// A line a change: where, and what went or came.
    var description: String {
        let shown = changes.prefix(Self.limit).map { change in
            switch change {
            case .remove(let line, let text, _): "\(line + 1) - \(text)"
            case .insert(let line, let text, _): "\(line + 1) + \(text)"
            }
        }
        let more = changes.count > Self.limit ? ["and \(changes.count - Self.limit) more"] : []
        return (shown + more).joined(separator: "\n")
    }

    private static func lines(_ text: String) -> [Substring] {
        text.split(separator: "\n", omittingEmptySubsequences: false)
    }

    private static func place(_ change: CollectionDifference<Substring>.Change) -> (Int, Int) {
        switch change {
        case .remove(let line, _, _): (line, 0)
        case .insert(let line, _, _): (line, 1)
        }
    }

    static func isSame(_ a: Substring, _ b: Substring) -> Bool {
        if a == b { return true }
        let number = /-?\d+\.\d+/
        guard a.replacing(number, with: "#") == b.replacing(number, with: "#") else { return false }
        return zip(a.matches(of: number), b.matches(of: number)).allSatisfy { isNear($0.output, $1.output) }
    }

    /// Whether numbers have as many decimals, three or more, and differ by no more than one in the last.
    private static func isNear(_ a: Substring, _ b: Substring) -> Bool {
        if a == b { return true }
        let decimals = a.split(separator: ".")[1].count
        guard decimals >= 3, decimals == b.split(separator: ".")[1].count else { return false }
        func units(_ text: Substring) -> Int? { Int(text.replacing(".", with: "")) }
        guard let first = units(a), let second = units(b) else { return false }
        return abs(first - second) <= 1
    }
}
