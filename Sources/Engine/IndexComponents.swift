import Search

/// A retriever that is opened from an index: a file with one of these and a line in ``Registry`` are all that a
/// new one takes.
public protocol IndexRetriever: Retriever {
    associatedtype Options: ComponentOptions

    static var id: ComponentID { get }

    /// Whether it finds by what the encoder makes of a query, or by the vector that a query brings. Where an index has no vectors,
    /// such a retriever is not missed.
    static var isOfEncoder: Bool { get }

    /// Whether it runs without being asked.
    static var runsByItself: Bool { get }

    /// Opens it.
    ///
    /// - Throws: why it cannot run on this index or this machine; the others answer without it.
    static func open(_ index: IndexReader, _ options: Options) throws -> Opened<Self>
}

extension IndexRetriever {
    public var id: ComponentID { Self.id }

    public static var isOfEncoder: Bool { false }

    public static var runsByItself: Bool { true }
}

/// A reranker that is opened from an index.
public protocol IndexReranker: Reranker {
    associatedtype Options: ComponentOptions

    static var id: ComponentID { get }

    /// What it weighs before anything was estimated.
    static var usualWeight: Float { get }

    /// The same on an index where it may be less.
    static func usualWeight(in index: IndexReader) -> Float

    /// Whether it reranks an index's searches before anything was estimated, and without being asked.
    static func runsByItself(in index: IndexReader) -> Bool

    /// Opens it.
    ///
    /// - Throws: why it cannot run on this index or this machine.
    static func open(_ index: IndexReader, _ options: Options) throws -> Opened<Self>
}

extension IndexReranker {
    public var id: ComponentID { Self.id }

    public static func usualWeight(in index: IndexReader) -> Float { usualWeight }

    public static func runsByItself(in index: IndexReader) -> Bool { false }
}

/// A component that can run, with what an estimate must know of it.
public struct Opened<Component: Sendable>: Sendable {
    public var component: Component
    /// The kinds of the parts, and the ids of the estimates, that it runs with.
    public var uses: Set<ComponentID>
    /// Those that the index has and the options do without.
    public var declines: Set<ComponentID>
    /// What a person should know, such as a part that could not be read.
    public var notes: [SearchNote]

    public init(
        _ component: Component, uses: Set<ComponentID> = [], declines: Set<ComponentID> = [], notes: [SearchNote] = []
    ) {
        (self.component, self.uses, self.declines, self.notes) = (component, uses, declines, notes)
    }
}
