import Foundation
import Search

/// How a query is answered. What is nil or not named is the index's own.
public struct SearchOptions: Sendable, Equatable {
    /// Which retrievers run; nil: all that can.
    public var retrievers: [ComponentID]?
    /// How many passages each retriever gives to the fusion, and at least as many as there are hits.
    public var depth = 100
    public var fusion = Fusion.Method.weighted
    /// Fusion weights, 0 for retrievers that are not named; nil: the index's own.
    public var weights: [ComponentID: Float]?
    /// How many of the fusion's best are encoded where they have static vectors only, 0 for none; nil: 20, or none where the
    /// index has estimated that it does not help.
    public var encode: Int?
    /// How many where nobody says: with 20, nothing measurable of the quality of encoding everything is lost.
    package static let usuallyEncoded = 20
    /// How many of the fusion's best are reranked, 0 for none; nil: the index's own.
    public var rerank: Int?
    /// What each reranker weighs, 0 for those that are not named; nil: the index's own, or usual, weights.
    public var rerankWeights: [ComponentID: Float]?
    /// How the query is changed by passages before it is answered for good; nil: as the index has estimated, which is not at all
    /// before anything was.
    public var feedback: FeedbackOptions?
    /// A language model's way to order the best after all else, as ``RerankSpec`` reads it: "setwise:NAME,depth=20"; nil for none.
    public var rerankWith: String?
    private var components: [ComponentID: Box] = [:]

    public init() {}

    /// The options of one retriever.
    public subscript<Component: IndexRetriever>(type: Component.Type) -> Component.Options {
        get { components[type.id]?.value(as: Component.Options.self) ?? .init() }
        set { components[type.id] = Box(newValue) }
    }

    /// The options of one reranker.
    public subscript<Component: IndexReranker>(type: Component.Type) -> Component.Options {
        get { components[type.id]?.value(as: Component.Options.self) ?? .init() }
        set { components[type.id] = Box(newValue) }
    }

    /// Whether options of a component were set: it is asked for by name.
    func sets(_ id: ComponentID) -> Bool { components[id] != nil }

    /// Sets options of a component by their names in JSON, over those that it has.
    ///
    /// - Throws: ``OptionFault`` when no component or option has the name, or the value is of another type.
    public mutating func set(
        _ id: ComponentID, to tree: JSONTree, in registry: Registry = .standard
    ) throws(OptionFault) {
        guard let type = registry.options(of: id) else {
            throw OptionFault(unknown: id.name, known: registry.ids.map(\.name))
        }
        components[id] = try Self.decoded(type, tree, over: components[id], id)
    }

    private static func decoded<Options: ComponentOptions>(
        _ type: Options.Type, _ tree: JSONTree, over known: Box?, _ id: ComponentID
    ) throws(OptionFault) -> Box {
        do throws(OptionFault) {
            let base = known?.value(as: type) ?? Options()
            return Box(try PartialJSON.decode(tree, over: base, isStrict: true))
        } catch {
            throw error.inside(id.name)
        }
    }

    /// The first value that is out of its range; nil where all are sound.
    public func fault(hits: Int, _ limits: SearchLimits) -> OptionFault? {
        if let fault = SearchLimits.fault(
            ("hits", hits, 1...limits.hits), ("depth", depth, 1...limits.depth), ("rerank", rerank, 0...limits.rerank),
            ("encode", encode, 0...limits.rerank))
        {
            return fault
        }
        if let fault = feedback?.fault(limits) { return fault.inside(Member.feedback.rawValue) }
        if let fault = rerankWith.flatMap({ limits.check(method: $0, Member.rerankWith.rawValue) }) { return fault }
        for (name, weights) in [("weights", weights), ("rerankWeights", rerankWeights)] {
            for (id, weight) in (weights ?? [:]).sorted(by: { $0.key < $1.key })
            where !(weight >= 0 && weight.isFinite) { return OptionFault("\(name).\(id)", "0 or more") }
        }
        for (id, box) in components.sorted(by: { $0.key < $1.key }) {
            if let fault = box.options.fault(limits) { return fault.inside(id.name) }
        }
        return nil
    }

    /// Options of any type.
    private struct Box: Sendable, Equatable {
        let options: any ComponentOptions

        init(_ options: any ComponentOptions) { self.options = options }

        func value<Options: ComponentOptions>(as type: Options.Type) -> Options? { options as? Options }

        static func == (a: Box, b: Box) -> Bool { a.options.isEqual(to: b.options) }
    }
}

extension ComponentOptions {
    fileprivate func isEqual(to other: any ComponentOptions) -> Bool { (other as? Self) == self }
}

extension SearchOptions: Codable {
    private enum Member: String, CaseIterable {
        case retrievers, depth, fusion, weights, encode, rerank, rerankWeights, rerankWith, feedback
    }

    /// Reads options; members besides the general ones are components with their options.
    ///
    /// - Throws: ``OptionFault`` for a member that nobody knows.
    public init(from decoder: any Decoder) throws {
        try self.init(JSONTree(from: decoder))
    }

    init(_ tree: JSONTree, registry: Registry = .standard) throws {
        guard case .object(let members) = tree else { throw OptionFault("options", "an object") }
        for (name, value) in members.sorted(by: { $0.key < $1.key }) {
            func read<Value: Decodable>(_ type: Value.Type, _ expected: String) throws(OptionFault) -> Value {
                do { return try value.decoded(as: type) } catch { throw OptionFault(name, expected) }
            }
            switch Member(rawValue: name) {
            case .retrievers: retrievers = try read([ComponentID]?.self, "a list of names")
            case .depth: depth = try read(Int.self, "a whole number")
            case .fusion: fusion = try read(Fusion.Method.self, "weighted or rrf")
            case .weights: weights = try read([ComponentID: Float]?.self, "numbers by retriever")
            case .encode: encode = try read(Int?.self, "a whole number")
            case .rerank: rerank = try read(Int?.self, "a whole number")
            case .rerankWith: rerankWith = try read(String?.self, "a text")
            case .rerankWeights: rerankWeights = try read([ComponentID: Float]?.self, "numbers by reranker")
            case .feedback: feedback = try Self.feedback(value)
            case nil: try set(ComponentID(name), to: value, in: registry)
            }
        }
    }

    private static func feedback(_ tree: JSONTree) throws(OptionFault) -> FeedbackOptions? {
        guard tree != .null else { return nil }
        guard case .object = tree else { throw OptionFault(Member.feedback.rawValue, "an object") }
        do throws(OptionFault) {
            return try PartialJSON.decode(tree, over: FeedbackOptions(), isStrict: true)
        } catch {
            throw error.inside(Member.feedback.rawValue)
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var tree: [String: JSONTree] = [
            Member.depth.rawValue: try JSONTree(encoding: depth),
            Member.fusion.rawValue: try JSONTree(encoding: fusion),
        ]
        func add(_ member: Member, _ value: (some Encodable)?) throws {
            if let value { tree[member.rawValue] = try JSONTree(encoding: value) }
        }
        try add(.retrievers, retrievers)
        try add(.weights, weights)
        try add(.encode, encode)
        try add(.rerank, rerank)
        try add(.rerankWeights, rerankWeights)
        try add(.rerankWith, rerankWith)
        try add(.feedback, feedback)
        for (id, box) in components { tree[id.name] = try JSONTree(encoding: box.options) }
        try JSONTree.object(tree).encode(to: encoder)
    }
}
