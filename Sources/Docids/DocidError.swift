/// Stored docids are damaged.
public struct DocidError: Error, Sendable, CustomStringConvertible {
    /// The section that contradicts itself or another.
    public let section: String
    public let reason: String

    public var description: String { "section \(section): \(reason)" }

    init(_ section: String, _ reason: String) {
        self.section = section
        self.reason = reason
    }
}
