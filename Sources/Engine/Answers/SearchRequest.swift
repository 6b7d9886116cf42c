import Fields
import Foundation
import Search

/// A query with all that can be asked about its answer: what every interface of genret takes.
///
/// In JSON only `query` is required; what is absent is the index's own. A member that does not exist is an error
/// that names it: a misspelt option must not be silently the default.
public struct SearchRequest: Sendable, Equatable {
    public var query: String
    /// The query's own vector, for an index whose vectors were imported; the query may be empty then. Nil: none.
    public var vector: [Float]?
    /// How many answers at most.
    public var hits = 10
    /// What the fields of passages must be for them to be found: JSON calls it `where`; nil: anything.
    public var filter: FieldFilter?
    /// The fields whose values are counted.
    public var facets: [String] = []
    public var explain = Explain.none
    /// What of a candidate is filled in; nil: all.
    public var fields: [Field]?
    /// The unit of ``SearchResponse/Candidate/matches``.
    public var offsets = Offsets.utf8
    /// Longer texts are cut, in characters; nil cuts none.
    public var maxTextLength: Int?
    public var options = SearchOptions()

    public enum Explain: String, Sendable, Codable, CaseIterable {
        case none
        /// The generated keys of each candidate.
        case keys
        /// All that every retriever and reranker has to say.
        case full
    }

    public enum Field: String, Sendable, Codable, CaseIterable {
        case title, text, fields, snippet, retrievers
    }

    /// How places in a text are counted.
    public enum Offsets: String, Sendable, Codable, CaseIterable {
        case utf8, utf16, codepoints
    }

    public init(_ query: String, hits: Int = 10, options: SearchOptions = SearchOptions()) {
        (self.query, self.hits, self.options) = (query, hits, options)
    }

    /// The first value that is out of its range; nil where all are sound.
    public func fault(_ limits: SearchLimits = .local) -> OptionFault? {
        if let maxTextLength, maxTextLength < 0 { return OptionFault("maxTextLength", "0 or more") }
        return options.fault(hits: hits, limits)
    }
}

extension SearchRequest: Codable {
    private enum Member: String, CaseIterable {
        case query, vector, hits, filter = "where", facets, retrievers, weights, rerank, explain, fields, offsets,
            maxTextLength
        case options
    }

    /// - Throws: ``OptionFault`` for a member that is missing, unknown, or of another type.
    public init(from decoder: any Decoder) throws {
        let tree = try JSONTree(from: decoder)
        guard case .object(let members) = tree else { throw OptionFault("request", "an object") }
        for name in members.keys.sorted() where Member(rawValue: name) == nil {
            throw OptionFault(unknown: name, known: Member.allCases.map(\.rawValue))
        }
        func read<Value: Decodable>(
            _ member: Member, _ type: Value.Type, _ expected: String
        ) throws(OptionFault) -> Value? {
            guard let value = members[member.rawValue], value != .null else { return nil }
            do { return try value.decoded(as: type) } catch { throw OptionFault(member.rawValue, expected) }
        }
        guard let query = try read(.query, String.self, "a text") else { throw OptionFault("query", "a text") }
        self.init(query)
        if let tree = members[Member.options.rawValue] {
            do { options = try SearchOptions(tree) } catch let fault as OptionFault { throw fault.inside("options") }
        }
        vector = try read(.vector, [Float].self, "a list of numbers")
        hits = try read(.hits, Int.self, "a whole number") ?? hits
        if let text = try read(.filter, String.self, "a filter, such as year >= 2020") {
            do throws(FieldFilterError) { filter = try FieldFilter(text) } catch {
                throw OptionFault(Member.filter.rawValue, "a filter, such as year >= 2020; \(error)")
            }
        }
        facets = try read(.facets, [String].self, "a list of fields") ?? facets
        options.retrievers = try read(.retrievers, [ComponentID].self, "a list of names") ?? options.retrievers
        options.weights = try read(.weights, [ComponentID: Float].self, "numbers by retriever") ?? options.weights
        options.rerank = try read(.rerank, Int.self, "a whole number") ?? options.rerank
        explain = try read(.explain, Explain.self, Self.names(Explain.self)) ?? explain
        fields = try read(.fields, [Field].self, "a list of \(Self.names(Field.self))")
        offsets = try read(.offsets, Offsets.self, Self.names(Offsets.self)) ?? offsets
        maxTextLength = try read(.maxTextLength, Int.self, "a whole number")
    }

    private static func names<Value: CaseIterable & RawRepresentable<String>>(_ type: Value.Type) -> String {
        "one of " + type.allCases.map(\.rawValue).joined(separator: ", ")
    }

    public func encode(to encoder: any Encoder) throws {
        var members: [String: JSONTree] = [
            Member.query.rawValue: .string(query), Member.hits.rawValue: .integer(Int64(hits)),
            Member.explain.rawValue: .string(explain.rawValue), Member.offsets.rawValue: .string(offsets.rawValue),
            Member.options.rawValue: try JSONTree(encoding: options),
        ]
        if let vector { members[Member.vector.rawValue] = try JSONTree(encoding: vector) }
        if let filter { members[Member.filter.rawValue] = .string(filter.text) }
        if !facets.isEmpty { members[Member.facets.rawValue] = .array(facets.map { .string($0) }) }
        if let fields { members[Member.fields.rawValue] = .array(fields.map { .string($0.rawValue) }) }
        if let maxTextLength { members[Member.maxTextLength.rawValue] = .integer(Int64(maxTextLength)) }
        try JSONTree.object(members).encode(to: encoder)
    }
}
