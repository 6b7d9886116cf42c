/// What was made of apt's lists.
public struct DebianCorpusReport: Sendable, Hashable, Codable {
    /// Package lists read.
    public let lists: Int
    /// Different packages in them.
    public let packages: Int
    /// Packages written.
    public let passages: Int
    /// Those of them with a long description; the others have the short one only.
    public let longDescriptions: Int
    public let questions: Int
    public let judgements: Int
}
