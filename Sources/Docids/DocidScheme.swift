import Memory

/// A way to make docids of vectors: a file in `Schemes/` and a line in ``allCases``.
public struct DocidScheme: RawRepresentable, CaseIterable, Codable, Hashable, Sendable {
    /// Those whose prefixes have code vectors, then those that a network writes.
    public static let allCases: [DocidScheme] = [
        .tree, .rq, .pq, .atomic,
        .naive, .semantic, .position, .pawa, .rqCodes, .pqCodes,
    ]

    /// Its name in commands and files.
    public let rawValue: String
    let method: any DocidMethod

    init(_ name: String, _ method: any DocidMethod) { (rawValue, self.method) = (name, method) }

    /// The scheme of a name; nil where there is none.
    public init?(rawValue: String) {
        guard let known = Self.allCases.first(where: { $0.rawValue == rawValue }) else { return nil }
        self = known
    }

    public static func == (a: Self, b: Self) -> Bool { a.rawValue == b.rawValue }

    public func hash(into hasher: inout Hasher) { hasher.combine(rawValue) }

    /// Whether prefixes are scored by code vectors; else a network learns to write the tokens.
    public var isAnchored: Bool { method is any PrefixDocids }

    /// Whether the network that writes the tokens has output weights for each prefix.
    package var isPrefixAware: Bool { (method as? any AutoregressiveDocids)?.isPrefixAware ?? false }

    /// The fan-out and the size of a leaf of those who proposed it; nil where it has none of its own.
    package var proposedSizes: (fanout: Int, leafSize: Int)? { method.proposedSizes }

    package static var anchored: [DocidScheme] { allCases.filter(\.isAnchored) }
    package static var sequential: [DocidScheme] { allCases.filter { !$0.isAnchored } }
}

/// How a scheme makes its docids.
protocol DocidMethod: Sendable {
    var proposedSizes: (fanout: Int, leafSize: Int)? { get }
}

extension DocidMethod {
    var proposedSizes: (fanout: Int, leafSize: Int)? { nil }
}

/// Docids whose prefixes have code vectors, by which a beam search scores them.
protocol PrefixDocids: DocidMethod {
    /// - Parameter vectors: [documents × dimension].
    func skeleton(_ builder: DocidSkeletonBuilder, _ vectors: FrozenArray<Float>, _ dimension: Int) -> DocidSkeleton
}

/// Docids that a network writes token by token.
protocol AutoregressiveDocids: DocidMethod {
    var isPrefixAware: Bool { get }

    /// - Parameter vectors: [documents × dimension].
    func sequences(_ builder: DocidSkeletonBuilder, _ vectors: FrozenArray<Float>, _ dimension: Int) -> DocidSequences
}

extension AutoregressiveDocids {
    var isPrefixAware: Bool { false }
}
