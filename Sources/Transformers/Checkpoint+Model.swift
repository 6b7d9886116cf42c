import Foundation
import Text

extension Checkpoint {
    /// The model's configuration, with what `generation_config.json` adds.
    ///
    /// - Throws: ``ModelError`` when the family is not supported or a value is impossible.
    package func modelConfiguration() throws(ModelError) -> ModelConfiguration {
        var model = try ModelFamily.configuration(configuration, path: path)
        try model.tokens.read(generation, model.vocabularySize, path: path)
        return model
    }

    /// The model's tokenizer.
    ///
    /// - Throws: ``ModelError`` when it is missing or damaged, or has more tokens than the model.
    package func tokenizer(for configuration: ModelConfiguration) throws(ModelError) -> Tokenizer {
        try tokenizer(upTo: configuration.vocabularySize)
    }

    func tokenizer(upTo limit: Int?) throws(ModelError) -> Tokenizer {
        let tokenizer: Tokenizer
        do {
            tokenizer = try Tokenizer(json: tokenizerJSON())
        } catch let error as ModelError {
            throw error
        } catch let error as TokenizerError {
            throw .malformed(path: path, reason: error.reason)
        } catch {
            throw .malformed(path: path, reason: "the tokenizer cannot be read")
        }
        if let limit, tokenizer.vocabularySize > limit {
            throw .malformed(
                path: path,
                reason: "the tokenizer has \(tokenizer.vocabularySize) tokens; the model knows \(limit)")
        }
        return tokenizer
    }

    /// Reads everything: the weights that the model needs, the tensors besides, and the tokenizer.
    ///
    /// - Throws: ``ModelError`` when the model cannot be used: something is missing, of another
    ///   shape than the family has, or no number.
    /// - Returns: the model's use.
    @discardableResult
    package func verify() throws(ModelError) -> CheckpointSummary.Use {
        let model = try TransformerModel(self)
        guard let use = model.configuration.use else {
            throw .unsupported(path: path, reason: model.configuration.uselessness)
        }
        for tensor in tensors where Checkpoint.isRead(tensor) {
            _ = try floats(tensor.name, shape: tensor.shape)
        }
        _ = try tokenizer(for: model.configuration)
        try checkSettings(of: model.configuration)
        return use
    }

    /// Refuses a sentence encoder whose folder wants something of it that is not done.
    func checkSettings(of configuration: ModelConfiguration) throws(ModelError) {
        guard configuration.use == .sentenceEncoder, let longest = configuration.encoder?.maximumLength
        else { return }
        _ = try SentenceEncoder.settings(folder, longest)
    }

    /// Whether a tensor holds numbers that models compute with; others are positions and masks.
    private static func isRead(_ tensor: Tensor) -> Bool {
        guard let type = Safetensors.ElementType(rawValue: tensor.type) else { return true }
        return [.float32, .float16, .bfloat16].contains(type)
    }
}
