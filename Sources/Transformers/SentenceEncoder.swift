import Foundation
import Memory
import Storage
import Tensors
import Text

/// Turns texts into unit vectors with a sentence encoder (Reimers and Gurevych 2019): BERT, MPNet,
/// RoBERTa or XLM-R.
///
/// A vector is the mean of the last layer's token states, or the first token's state where the
/// model says so, scaled to length one.
package struct SentenceEncoder: Sendable {
    enum Pooling {
        case mean
        case first
    }

    /// The folder the model was read from.
    package let directory: URL
    package let configuration: ModelConfiguration
    package let tokenizer: Tokenizer
    /// The most tokens of a text that are encoded, specials included.
    package let maxTokens: Int
    let encoder: TransformerStack
    let pooling: Pooling
    /// What stands before queries and before passages.
    package let prompts: EncoderPrompts

    /// The number of components of a vector.
    package var dimension: Int { configuration.hiddenSize }

    /// Loads a Hugging Face folder: `config.json`, `tokenizer.json`, `model.safetensors`, and
    /// where there are `sentence_bert_config.json`, `1_Pooling/config.json` and `config_sentence_transformers.json`.
    ///
    /// - Parameter precision: of the products' weights.
    /// - Throws: ``ModelError`` when a file is missing, damaged, or describes no such encoder.
    package init(directory: URL, precision: Precision = .float32) throws(ModelError) {
        self.directory = directory
        let checkpoint = try Checkpoint(contentsOf: directory)
        let model = try TransformerModel(checkpoint, precision: precision)
        configuration = model.configuration
        guard let encoder = model.encoder, model.decoder == nil,
            let longest = encoder.configuration.maximumLength
        else {
            throw .unsupported(
                path: directory.path,
                reason:
                    "a model of type \(configuration.type) is no sentence encoder; expected bert, mpnet, roberta or xlm-roberta"
            )
        }
        self.encoder = encoder
        let tokenizerURL = directory.appendingPathComponent("tokenizer.json")
        do {
            tokenizer = try Tokenizer(contentsOf: tokenizerURL)
        } catch {
            throw .malformed(path: error.file, reason: error.reason)
        }
        guard tokenizer.vocabularySize <= configuration.vocabularySize else {
            throw .malformed(
                path: tokenizerURL.path,
                reason: "\(tokenizer.vocabularySize) tokens; the model knows \(configuration.vocabularySize)")
        }
        (maxTokens, pooling) = try SentenceEncoder.settings(directory, longest)
        prompts = try EncoderPrompts(directory, tokenizer)
    }

    private init(_ base: SentenceEncoder, directory: URL, _ encoder: TransformerStack) {
        (self.directory, self.encoder) = (directory, encoder)
        (configuration, tokenizer) = (base.configuration, base.tokenizer)
        (maxTokens, pooling, prompts) = (base.maxTokens, base.pooling, base.prompts)
    }

    /// This encoder with the weights of another folder, which has `config.json` and `model.safetensors`:
    /// the tokenizer, the most tokens and the pooling stay. With its own folder, this encoder in another
    /// precision.
    ///
    /// - Throws: ``ModelError`` when a file is missing or damaged, or the model is of another shape.
    package func withWeights(
        of directory: URL, precision: Precision = .float32
    ) throws(ModelError) -> SentenceEncoder {
        let model = try TransformerModel(Checkpoint(contentsOf: directory), precision: precision)
        guard let encoder = model.encoder, model.configuration == configuration else {
            throw .unsupported(
                path: directory.path,
                reason: "this is a model of another shape than \(self.directory.lastPathComponent)")
        }
        return SentenceEncoder(self, directory: directory, encoder)
    }

    /// This encoder with products of another precision.
    ///
    /// - Throws: as ``withWeights(of:precision:)``.
    package func inPrecision(_ precision: Precision) throws(ModelError) -> SentenceEncoder {
        precision == .float32 ? self : try withWeights(of: directory, precision: precision)
    }

    /// Whether a vector is the mean of all states.
    package var poolsByMean: Bool { pooling == .mean }

    /// What the files of a sentence encoder's folder say besides its configuration.
    static func settings(
        _ directory: URL, _ longest: Int
    ) throws(ModelError) -> (maxTokens: Int, pooling: Pooling) {
        (try maxTokens(directory, longest), try pooling(directory))
    }

    /// The embeddings of all tokens, [vocabulary × dimension].
    package var wordEmbeddings: FrozenArray<Float> { encoder.weights.words }

    /// The number of its layers.
    package var layerCount: Int { encoder.configuration.layerCount }

    /// The heads of its attention.
    package var headCount: Int { encoder.configuration.headCount }

    /// SHA-256 of `model.safetensors` in hexadecimal; reads the whole file at every call.
    ///
    /// - Throws: ``ModelError`` when the file cannot be read.
    package func modelHash() throws(ModelError) -> String {
        let bytes = try ModelFile.map(SentenceEncoder.weightsURL(directory))
        return bytes.withUnsafeBuffer { SHA256.hex(of: UnsafeRawBufferPointer($0)) }
    }

    /// SHA-256 of the files beside the weights that decide what a text's vector is, in hexadecimal: sizes,
    /// pooling, lengths, prompts and tokenizer.
    ///
    /// - Throws: ``ModelError`` when one cannot be read.
    package func configurationHash() throws(ModelError) -> String {
        var hash = SHA256()
        for name in ["config.json", "sentence_bert_config.json", "1_Pooling/config.json", "tokenizer.json"] {
            let file = directory.appendingPathComponent(name)
            guard ModelFile.exists(file) else { continue }
            hash.update(name)
            hash.update([0])
            try ModelFile.map(file).withUnsafeBuffer {
                hash.update(Array(SHA256.hex(of: UnsafeRawBufferPointer($0)).utf8))
            }
        }
        // Many folders have the file of prompts without any.
        for role in EncoderRole.allCases {
            if let text = prompts.texts[role] { hash.update("\(role.rawValue) \(text.utf8.count) \(text)") }
        }
        return hash.hex()
    }

    private static func weightsURL(_ directory: URL) -> URL {
        directory.appendingPathComponent("model.safetensors")
    }

    private static func maxTokens(
        _ directory: URL, _ longest: Int
    ) throws(ModelError) -> Int {
        let url = directory.appendingPathComponent("sentence_bert_config.json")
        guard ModelFile.exists(url) else { return longest }
        guard let value = try ModelFile.json(url)["max_seq_length"], !value.isNull else {
            return longest
        }
        guard let count = value.int, count >= 2 else {
            throw .malformed(path: url.path, reason: "max_seq_length must be at least 2")
        }
        return min(count, longest)
    }

    private static func pooling(_ directory: URL) throws(ModelError) -> Pooling {
        let url = directory.appendingPathComponent("1_Pooling/config.json")
        guard ModelFile.exists(url) else { return .mean }
        let json = try ModelFile.json(url)
        let modes = (json.members ?? []).filter {
            $0.key.hasPrefix("pooling_mode_") && $0.value.bool == true
        }
        switch modes.map(\.key) {
        case ["pooling_mode_mean_tokens"]: return .mean
        case ["pooling_mode_cls_token"]: return .first
        default:
            throw .unsupported(
                path: url.path, reason: "expected pooling by the mean or by the first token")
        }
    }
}
