/// A place in a file, written as `file:line`; lines count from 1.
public struct SourceLine: Sendable, Hashable, Codable, CustomStringConvertible {
    public let file: String
    public let line: Int

    public init(file: String, line: Int) {
        self.file = file
        self.line = line
    }

    public var description: String { "\(file):\(line)" }
}

/// A line that gave no passage, with the reason.
public struct BadLine: Sendable, Hashable, Codable, CustomStringConvertible {
    public let place: SourceLine
    /// A sentence fragment such as `missing id`.
    public let reason: String

    public init(place: SourceLine, reason: String) {
        self.place = place
        self.reason = reason
    }

    public var description: String { "\(place): \(reason)" }

    /// The reason of a passage that options would have let in.
    public static let titleOnly = "a title and no text"
}
