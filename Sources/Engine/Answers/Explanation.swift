import Foundation
import Search

/// Why a passage has its score, from the search that gave it: the parts sum to the total, to rounding.
public struct Explanation: Sendable, Equatable {
    public var score: Score
    /// What each component has to say, by the member that it is in JSON: "keys", "docid", "terms".
    public var details: [String: JSONTree]

    public struct Score: Sendable, Equatable, Codable {
        public var total: Float
        public var parts: [Part]
    }

    public struct Part: Sendable, Equatable, Codable {
        /// The retriever, or "rerank".
        public var name: ComponentID
        /// The passage's rank in the retriever's list, from 1; nil below its end.
        public var rank: Int?
        public var score: Float?
        /// The retriever's weight in the fusion.
        public var weight: Float?
        public var contribution: Float
    }

    public init(score: Score, details: [String: JSONTree]) { (self.score, self.details) = (score, details) }

    /// What a component says, in a type of the caller's; nil where it says nothing.
    public func detail<Value: Decodable>(_ name: String, as type: Value.Type) -> Value? {
        try? details[name]?.decoded(as: type)
    }
}

extension Explanation: Codable {
    public init(from decoder: any Decoder) throws {
        guard case .object(var members) = try JSONTree(from: decoder), let score = members.removeValue(forKey: "score")
        else {
            throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "no score"))
        }
        self.init(score: try score.decoded(as: Score.self), details: members)
    }

    public func encode(to encoder: any Encoder) throws {
        var members = details
        members["score"] = try JSONTree(encoding: score)
        try JSONTree.object(members).encode(to: encoder)
    }
}
