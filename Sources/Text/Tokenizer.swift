import Foundation
import Storage

/// A text tokenizer described by a Hugging Face `tokenizer.json`.
///
/// Four stages, as in the reference: normaliser, pre-tokenizer, model, post-processor. The file's
/// truncation and padding sections are ignored; the caller decides. Tokens and offsets are those
/// of the reference implementation (https://github.com/huggingface/tokenizers).
public struct Tokenizer: Sendable {
    /// The bytes the tokenizer was read from.
    public let jsonData: Data
    /// SHA-256 in hexadecimal of everything that affects tokens, independent of the file's layout.
    public let fingerprint: String

    let normalizer: Normalizer
    let preTokenizer: PreTokenizer
    let model: TokenModel
    let postProcessor: PostProcessor
    let decoder: TokenDecoder
    let added: AddedTokens
    let specialIDs: Set<Int32>

    /// Reads a `tokenizer.json`.
    ///
    /// - Throws: ``TokenizerError`` when the file cannot be read, is malformed, or asks for a
    ///   component that is not supported.
    public init(contentsOf url: URL) throws(TokenizerError) {
        let data: Data
        do {
            data = try Data(contentsOf: url)
        } catch {
            throw TokenizerError(.unreadable, "cannot be read", file: url.path)
        }
        do {
            try self.init(json: data)
        } catch {
            throw error.inFile(url.path)
        }
    }

    /// Reads the bytes of a `tokenizer.json`.
    public init(json data: Data) throws(TokenizerError) {
        let json: JSONValue
        do {
            json = try JSONValue(parsing: Array(data))
        } catch {
            throw .malformed("not JSON at \(error)")
        }
        guard json.members != nil else { throw .malformed("expected an object") }
        var model = try TokenModel(json: json["model"])
        normalizer = try Normalizer(json: json["normalizer"])
        preTokenizer = try PreTokenizer(json: json["pre_tokenizer"])
        postProcessor = try PostProcessor(json: json["post_processor"])
        decoder = try TokenDecoder(json: json["decoder"])
        added = try AddedTokens(
            json: json["added_tokens"], vocabulary: &model.vocabulary, normalizer: normalizer)
        specialIDs = added.specialIDs
        for id in postProcessor.before + postProcessor.after
        where model.vocabulary.bytes(of: id) == nil {
            throw .malformed("post_processor adds the token \(id), which does not exist")
        }
        self.model = model
        jsonData = data
        fingerprint = Tokenizer.fingerprint(json, model.vocabulary)
    }

    /// One more than the largest token number.
    public var vocabularySize: Int { model.vocabulary.size }

    /// The number of a token, spelled as in the vocabulary ("##ing").
    public func id(of token: String) -> Int32? {
        model.vocabulary.id(of: token)
    }

    /// The spelling of a token; nil for a number that no token has.
    public func token(_ id: Int32) -> String? {
        model.vocabulary.token(id)
    }

    /// Whether the token continues the word before it.
    public func isContinuation(_ id: Int32) -> Bool {
        model.isContinuation(id)
    }

    /// Whether the token is special: it stands for no text of its own.
    public func isSpecial(_ id: Int32) -> Bool {
        specialIDs.contains(id)
    }

    /// The number of special tokens that `encode` adds to a text.
    public var addedTokenCount: Int { postProcessor.before.count + postProcessor.after.count }

    /// The token for what the vocabulary cannot spell.
    public var unknownID: Int32? { model.unknown }
    public var classifyID: Int32? { id(of: "[CLS]") }
    public var separatorID: Int32? { id(of: "[SEP]") }
    public var padID: Int32? { id(of: "[PAD]") }
    public var maskID: Int32? { id(of: "[MASK]") }
}
