import Foundation
import Storage

/// The hyper-parameters of a model, from `config.json`.
package struct ModelConfiguration: Sendable, Equatable {
    /// The language-model head.
    package struct Output: Sendable, Equatable {
        /// Whether its weights are the word embeddings.
        package var isTied: Bool
        /// What states are multiplied by before it.
        package var scale: Float = 1
        package var hasBias = false
    }

    /// Tokens that the model's training gave a meaning.
    package struct SpecialTokens: Sendable, Equatable {
        /// What a decoder reads first, or a text begins with.
        package var start: Int32?
        /// What ends a generated sequence.
        package var ends: [Int32] = []
        /// What is forced to be the first generated token.
        package var forcedFirst: Int32?
        /// What is forced where a sequence reaches its longest.
        package var forcedLast: Int32?
    }

    /// `model_type` as the file has it.
    package var type: String
    package var vocabularySize: Int
    /// nil for a model that only generates.
    package var encoder: StackConfiguration?
    /// nil for a model that only encodes.
    package var decoder: StackConfiguration?
    /// nil for a model that only encodes.
    package var output: Output?
    package var tokens = SpecialTokens()

    /// The width of token states.
    package var hiddenSize: Int { (encoder ?? decoder)?.width ?? 0 }

    /// Reads a `config.json`.
    ///
    /// - Throws: ``ModelError`` when the file is malformed or of a family that is not supported.
    package init(contentsOf url: URL) throws(ModelError) {
        self = try ModelFamily.configuration(ModelFile.json(url), path: url.path)
    }

    init(
        type: String, vocabularySize: Int, encoder: StackConfiguration? = nil,
        decoder: StackConfiguration? = nil, output: Output? = nil
    ) {
        self.type = type
        self.vocabularySize = vocabularySize
        self.encoder = encoder
        self.decoder = decoder
        self.output = output
    }
}

extension ModelConfiguration.SpecialTokens {
    /// Takes over what `generation_config.json` says otherwise than `config.json`.
    mutating func read(_ json: JSONValue?, _ vocabulary: Int, path: String) throws(ModelError) {
        guard let json, !json.isNull else { return }
        let reader = ConfigurationReader(json: json, path: path)
        start = try reader.token("decoder_start_token_id", of: vocabulary) ?? start
        let ends = try reader.tokens("eos_token_id", of: vocabulary)
        if !ends.isEmpty { self.ends = ends }
        forcedFirst = try reader.token("forced_bos_token_id", of: vocabulary) ?? forcedFirst
        forcedLast = try reader.token("forced_eos_token_id", of: vocabulary) ?? forcedLast
    }
}
