import Foundation
import Memory
import Tensors
import Text

/// A model that generates text, with its tokenizer.
package struct LanguageModel: Sendable {
    package let model: TransformerModel
    package let tokenizer: Tokenizer
    /// How a chat's messages are laid out, in Jinja's language; nil when the model has no chats.
    package let chatTemplate: String?

    /// Reads a Hugging Face folder or a GGUF file.
    ///
    /// - Throws: ``ModelError`` when the model cannot be read, does not generate, or lacks a
    ///   tokenizer that fits it.
    package init(contentsOf url: URL, precision: Precision = .float32) throws(ModelError) {
        let checkpoint = try Checkpoint(contentsOf: url)
        model = try TransformerModel(checkpoint, precision: precision)
        guard model.decoder != nil else {
            throw .unsupported(
                path: url.path, reason: "a model of type \(model.configuration.type) does not generate")
        }
        tokenizer = try checkpoint.tokenizer(for: model.configuration)
        chatTemplate = try checkpoint.chatTemplate()
    }

    /// The tokens of a source or prompt.
    package func tokens(of text: String) -> [Int32] { tokenizer.encode(text).ids }

    /// A user's message as a ChatML prompt, the only layout that is written here.
    ///
    /// - Throws: ``ModelError`` when the model's template is another.
    package func chatPrompt(_ message: String, system: String? = nil) throws(ModelError) -> String {
        guard let chatTemplate, chatTemplate.contains("<|im_start|>") else {
            throw .unsupported(
                path: model.configuration.type,
                reason: chatTemplate == nil
                    ? "the model has no chat template" : "the model's chat template is not ChatML")
        }
        let system = system.map { "<|im_start|>system\n\($0)<|im_end|>\n" } ?? ""
        return system + "<|im_start|>user\n\(message)<|im_end|>\n<|im_start|>assistant\n"
    }

    /// The text of generated tokens, without the special ones.
    package func text(of tokens: [Int32]) -> String { tokenizer.decode(tokens) }
}
