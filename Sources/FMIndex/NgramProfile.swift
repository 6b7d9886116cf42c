/// What an n-gram index holds beside what every search needs.
public enum NgramProfile: String, Sendable, Codable, CaseIterable {
    /// Some 9 bytes a token; every answer reads a few cache lines.
    case fast
    /// Some 2.5 bytes a token; passages and tokens cost a walk of the text.
    case compact

    /// The profile of an index that nobody chose one for: fast up to a billion tokens, which
    /// take some 9 GB.
    public static func suited(to tokens: Int) -> NgramProfile { tokens <= 1_000_000_000 ? .fast : .compact }
}
