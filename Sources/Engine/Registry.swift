import IndexStore
import Search

/// The components of a search, by name: the one place where a new one is entered.
public struct Registry: Sendable {
    /// In the order in which they run.
    public private(set) var retrievers: [any IndexRetriever.Type]
    public private(set) var rerankers: [any IndexReranker.Type]
    /// Ways to change a query by passages.
    public private(set) var feedback: [any IndexFeedback.Type]
    /// Parts of an index that can be put into it.
    public private(set) var parts: [any IndexPart.Type]

    public static let standard = Registry(
        retrievers: [
            NgramRetriever.self, DocidRetriever.self, DenseRetriever.self, BM25Retriever.self, CURRetriever.self,
        ],
        rerankers: [LikelihoodReranker.self, InteractionReranker.self],
        feedback: [
            RM3Feedback.self, RocchioFeedback.self, VectorAverage.self, VectorRocchio.self, RefitFeedback.self,
        ],
        parts: [
            TokenizerPart.self, StaticEncoderPart.self, GeneratorPart.self, QueryEncoderPart.self, DocidsPart.self,
            SyntheticQueriesPart.self, InteractionPart.self, CURPart.self, FolderPart.self,
        ])

    init(
        retrievers: [any IndexRetriever.Type], rerankers: [any IndexReranker.Type],
        feedback: [any IndexFeedback.Type], parts: [any IndexPart.Type]
    ) {
        (self.retrievers, self.rerankers, self.feedback, self.parts) = (retrievers, rerankers, feedback, parts)
    }

    /// With another retriever, which runs after the others; one of the same name is replaced.
    public func adding(_ retriever: any IndexRetriever.Type) -> Registry {
        var registry = self
        registry.retrievers.removeAll { $0.id == retriever.id }
        registry.retrievers.append(retriever)
        return registry
    }

    /// With another reranker; one of the same name is replaced.
    public func adding(_ reranker: any IndexReranker.Type) -> Registry {
        var registry = self
        registry.rerankers.removeAll { $0.id == reranker.id }
        registry.rerankers.append(reranker)
        return registry
    }

    /// With another way to change queries; one of the same name is replaced.
    public func adding(_ method: any IndexFeedback.Type) -> Registry {
        var registry = self
        registry.feedback.removeAll { $0.id == method.id }
        registry.feedback.append(method)
        return registry
    }

    /// With another part; one of the same kind is replaced.
    public func adding(_ part: any IndexPart.Type) -> Registry {
        var registry = self
        registry.parts.removeAll { $0.kind == part.kind }
        registry.parts.append(part)
        return registry
    }

    /// The names of all retrievers and rerankers.
    public var ids: [ComponentID] { retrievers.map { $0.id } + rerankers.map { $0.id } }

    /// The type of a component's options; nil where none has the name.
    func options(of id: ComponentID) -> (any ComponentOptions.Type)? {
        for type in retrievers where type.id == id { return Self.options(type) }
        for type in rerankers where type.id == id { return Self.options(type) }
        return nil
    }

    private static func options<Component: IndexRetriever>(_ type: Component.Type) -> any ComponentOptions.Type {
        Component.Options.self
    }

    private static func options<Component: IndexReranker>(_ type: Component.Type) -> any ComponentOptions.Type {
        Component.Options.self
    }
}
