/// What was made of apt's lists.
package struct DebianCorpusReport: Sendable, Hashable, Codable {
    /// Package lists read.
    package let lists: Int
    /// Different packages in them.
    package let packages: Int
    /// Packages written.
    package let passages: Int
    /// Those of them with a long description; the others have the short one only.
    package let longDescriptions: Int
    package let questions: Int
    package let judgements: Int
}
