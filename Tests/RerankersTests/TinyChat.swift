import Foundation
import Memory
import Rerankers
import Transformers

/// The tiny chat model of the fixtures.
enum TinyChat {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures")

    static func model(sharing: Bool = true, threads: Int = 1) throws -> RerankModel {
        try RerankModel(
            contentsOf: folder.appending(path: "tiny_chat.gguf"), precision: .float32, threads: threads,
            sharesPrefixes: sharing)
    }

    static func method(_ text: String, sharing: Bool = true, threads: Int = 1) throws -> any RerankMethod {
        let spec = try RerankSpec(text)
        return try RerankMethods.make(spec.method, model(sharing: sharing, threads: threads), spec.options)
    }

    /// A method of each kind, with options that make several windows, groups and rounds of a few passages.
    static let methods = [
        "yesno", "yesno,calibrate=false", "prorank", "graded", "likelihood", "pairwise,top=3",
        "pairwise,strategy=bubble,top=2",
        "pairwise,strategy=all", "setwise,children=2,top=3", "setwise,strategy=bubble,top=2,permutations=2",
        // Asked about the query and about none, prompts begin otherwise.
        "setwise,calibrate=true,top=2", "prorank,calibrate=true", "first",
        "first,window=3,stride=2,passes=2", "permutation", "permutation,window=3,stride=1,top=2",
        "group,group=3,permutations=4",
        "reasoning,reasoningTokens=5,top=2", "attention", "attention,window=3",
        "likelihood,summary=true,passageTokens=4", "first,summary=true,passageTokens=3",
    ]

    /// Passages of words, some of them alike, empty or hostile.
    static func candidates(_ count: Int, seed: UInt64) -> [RerankCandidate] {
        var random = SeededGenerator(seed: seed)
        let words = [
            "sky", "blue", "light", "bread", "keeps", "the", "A", "Yes", "three", "[1]", "<|im_end|>", "día", "\n",
        ]
        return (0..<count).map { place in
            let text = (0..<Int.random(in: 0...12, using: &random)).map { _ in words.randomElement(using: &random) ?? ""
            }
            return RerankCandidate(
                id: "d\(place)", text: place == 2 ? "" : text.joined(separator: " "), firstScore: Double(count - place))
        }
    }
}
