import Foundation
import Memory
import Tensors
import Text
import Transformers

/// A model that reranks: one that is asked by prompts, one that scores a query and a passage together, or one that encodes each.
public enum RerankModel: Sendable {
    case prompted(PromptedModel)
    case crossEncoder(CrossEncodingModel)
    case encoder(EncodingModel)

    /// What it cuts texts with.
    var tokenizer: Tokenizer {
        switch self {
        case .prompted(let model): model.language.tokenizer
        case .crossEncoder(let model): model.encoder.tokenizer
        case .encoder(let model): model.encoder.tokenizer
        }
    }

    /// Reads a Hugging Face folder or a GGUF file. What a checkpoint has decides what it is: a head that scores, a decoder, or neither.
    ///
    /// - Throws: ``ModelError``.
    package init(contentsOf url: URL, precision: Precision, threads: Int, sharesPrefixes: Bool = true)
        throws(ModelError)
    {
        let checkpoint = try Checkpoint(contentsOf: url)
        if CrossEncoder.isOne(checkpoint) {
            self = .crossEncoder(
                CrossEncodingModel(encoder: try CrossEncoder(checkpoint, precision: precision), threads: threads))
        } else if try checkpoint.modelConfiguration().decoder == nil {
            self = .encoder(
                EncodingModel(encoder: try SentenceEncoder(directory: url, precision: precision), threads: threads))
        } else {
            var model = PromptedModel(try LanguageModel(contentsOf: url, precision: precision), threads: threads)
            model.sharesPrefixes = sharesPrefixes
            self = .prompted(model)
        }
    }
}

/// A language model with the threads that it may use.
public struct PromptedModel: Sendable {
    let language: LanguageModel
    let threads: Int
    /// Whether what prompts begin with alike is read once.
    var sharesPrefixes = true

    init(_ language: LanguageModel, threads: Int) { (self.language, self.threads) = (language, threads) }

    /// For the prompts of one query.
    func reader() -> PromptReader {
        PromptReader(language, team: ThreadTeam(threads: threads), sharesPrefixes: sharesPrefixes)
    }

    /// The most tokens of a prompt; nil for no bound.
    var context: Int? { language.model.longestPrompt }
}

public struct CrossEncodingModel: Sendable {
    let encoder: CrossEncoder
    let threads: Int
}

public struct EncodingModel: Sendable {
    let encoder: SentenceEncoder
    let threads: Int
}
