/// The four retrievers of an index.
public enum RetrieverKind: String, CaseIterable, Codable, Sendable, Comparable {
    case ngram
    case docid
    case dense
    case bm25

    public static func < (a: RetrieverKind, b: RetrieverKind) -> Bool {
        (allCases.firstIndex(of: a) ?? 0) < (allCases.firstIndex(of: b) ?? 0)
    }

    /// Whether it needs the encoder.
    public var needsEncoder: Bool { self == .docid || self == .dense }
}
