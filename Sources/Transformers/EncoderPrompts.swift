import Foundation
import Storage
import Text

/// What a text is to an encoder: some are trained with words before it that say so.
package enum EncoderRole: String, Sendable, CaseIterable {
    case query
    case passage
}

/// The words before queries and before passages that an encoder was trained with, such as "query: ".
///
/// `config_sentence_transformers.json` has them under `prompts`, where passages may be called documents. They become tokens of
/// their own: a text's tokens are the same with and without them, so that an index has its passages as they are.
package struct EncoderPrompts: Sendable, Equatable {
    /// As the file has them; empty for none.
    package private(set) var texts: [EncoderRole: String] = [:]
    private var tokens: [EncoderRole: [Int32]] = [:]

    static let fileName = "config_sentence_transformers.json"
    /// Longer ones are refused: a text has to have room beside them.
    private static let mostTokens = 64

    /// Reads a folder's file, if it has one.
    ///
    /// - Throws: ``ModelError`` when the file is damaged or a prompt is long.
    init(_ folder: URL, _ tokenizer: Tokenizer) throws(ModelError) {
        let url = folder.appendingPathComponent(Self.fileName)
        guard ModelFile.exists(url), let prompts = try ModelFile.json(url)["prompts"], !prompts.isNull else { return }
        guard prompts.members != nil else {
            throw .malformed(path: url.path, reason: "prompts must be an object")
        }
        for role in EncoderRole.allCases {
            guard let prompt = role.names.lazy.compactMap({ prompts[$0] }).first, !prompt.isNull else { continue }
            guard let text = prompt.string else {
                throw .malformed(path: url.path, reason: "the prompt of a \(role) must be a text")
            }
            let ids = tokenizer.encode(text, addSpecialTokens: false).ids
            guard ids.count <= Self.mostTokens else {
                throw .malformed(
                    path: url.path, reason: "the prompt of a \(role) has more than \(Self.mostTokens) tokens")
            }
            if !ids.isEmpty { (texts[role], tokens[role]) = (text, ids) }
        }
    }

    func tokens(_ role: EncoderRole) -> [Int32] { tokens[role] ?? [] }
}

extension EncoderRole {
    /// What a file may call it.
    fileprivate var names: [String] {
        switch self {
        case .query: ["query"]
        case .passage: ["passage", "document"]
        }
    }
}
