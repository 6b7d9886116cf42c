import Foundation
import Memory
import Storage

extension Checkpoint {
    /// The bytes of the model's `tokenizer.json`.
    ///
    /// A GGUF file without one beside it has its own vocabulary translated.
    ///
    /// - Throws: ``ModelError`` when there is none, or a GGUF vocabulary cannot be translated.
    package func tokenizerJSON() throws(ModelError) -> Data {
        let file = folder.appendingPathComponent("tokenizer.json")
        if case .gguf(let model) = container, !ModelFile.exists(file) {
            return Data(try model.tokenizer().bytes())
        }
        return Data(try ModelFile.map(file).toArray())
    }

    /// The template of a chat, in Jinja's language; nil when the model has none.
    ///
    /// It is the GGUF file's, that of `chat_template.jinja`, or that of `tokenizer_config.json`.
    ///
    /// - Throws: ``ModelError`` when a file that should hold it is damaged.
    package func chatTemplate() throws(ModelError) -> String? {
        if case .gguf(let model) = container {
            return model.file.metadata["tokenizer.chat_template"]?.string
        }
        let template = folder.appendingPathComponent("chat_template.jinja")
        if ModelFile.exists(template) {
            return String(validating: try ModelFile.map(template).toArray(), as: UTF8.self)
        }
        let settings = folder.appendingPathComponent("tokenizer_config.json")
        guard ModelFile.exists(settings) else { return nil }
        let value = try ModelFile.json(settings)["chat_template"]
        // Some models have several, by name.
        let named = value?.array?.first { $0["name"]?.string == "default" }
        return value?.string ?? named?["template"]?.string
    }
}
