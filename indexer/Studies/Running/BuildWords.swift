import Engine
import Foundation
import Search

/// A build's options as a cell names them.
enum BuildWords {
    /// The word for how many passages the encoder gives their vectors.
    static let budget = "encoder-budget"

    /// What concerns a retriever, and whatever differs from the default.
    ///
    /// - Parameter hasGenerator: whether the generator that is named goes with the encoder, so that indexes have it.
    static func options(
        _ built: IndexOptions, retriever: String, hasGenerator: Bool
    ) throws -> [String: String] {
        var words: [String: String] = [:]
        if retriever != "bm25" { words["encoder"] = built.encoder ?? "none" }
        if built.encoder != nil, StudyPlan.needsVectors(retriever) || retriever == "merge" {
            words["vectors"] = built.vectorProfile.rawValue
        }
        if built.encoder != nil, retriever == "ngram" || retriever == "merge" {
            words["generator"] = (hasGenerator ? built.generator : nil) ?? "none"
        }
        // Two builds of one sample are told apart by what they differ in.
        guard case .object(let given) = try JSONTree(encoding: built),
            case .object(let usual) = try JSONTree(encoding: IndexOptions())
        else { return words }
        for (name, value) in given
        where value != usual[name] && !["encoder", "vectorProfile", "generator"].contains(name) {
            guard name != "encoderBudget" else {
                if StudyPlan.usesVectors(retriever) { words[budget] = built.encoderBudget.description }
                continue
            }
            if let text = text(value) { words[name] = text }
        }
        return words
    }

    /// A number in its shortest form.
    static func number(_ value: Double) -> String {
        Int(exactly: value).map { "\($0)" } ?? "\(value)"
    }

    private static func text(_ value: JSONTree) -> String? {
        switch value {
        case .null: nil
        case .bool(let flag): flag ? "true" : "false"
        case .integer(let number): "\(number)"
        case .unsigned(let number): "\(number)"
        case .number(let value): number(value)
        case .string(let text): text
        case .array, .object: (try? JSONTree.bytes(of: value)).map { String(decoding: $0, as: UTF8.self) }
        }
    }
}
