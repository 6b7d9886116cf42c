import Docids
import Engine
import Search

/// How docids of a cell are made and learnt. All of it is in the cell's key.
package struct StudyTraining: Sendable, Hashable {
    /// How long a network learns. Steps give the same weights on every machine; minutes do not.
    package enum Length: Sendable, Hashable {
        case steps(Int)
        case minutes(Double)
    }

    package var scheme: DocidScheme
    /// What the network learns from; nil: it learns nothing, and docids are those of the vectors alone.
    package var representation: PassageRepresentation?
    package var layers: Int
    package var length: Length
    package var seed: UInt64

    /// Pairs of a step.
    static let batch = 128

    /// The members of a key.
    var json: JSONTree {
        var members: [String: JSONTree] = ["scheme": .string(scheme.rawValue), "seed": .unsigned(seed)]
        if let representation {
            members["represent"] = .string(representation.description)
            members["layers"] = .integer(Int64(layers))
            members["batch"] = .integer(Int64(Self.batch))
            switch length {
            case .steps(let steps): members["steps"] = .integer(Int64(steps))
            case .minutes(let minutes): members["minutes"] = .number(minutes)
            }
        }
        return .object(members)
    }

    /// As a cell's options name it.
    var words: [String: String] {
        var words = ["docids": scheme.rawValue]
        if let representation {
            words["represent"] = representation.description
            words["layers"] = "\(layers)"
            switch length {
            case .steps(let steps): words["steps"] = "\(steps)"
            case .minutes(let minutes): words["minutes"] = BuildWords.number(minutes)
            }
        }
        return words
    }

    /// The training-free docids that every index with vectors has, or can have.
    static func source(of scheme: DocidScheme) -> DocidRetriever.Source? {
        switch scheme {
        case .tree: .tree
        case .rq: .rq
        default: nil
        }
    }
}
