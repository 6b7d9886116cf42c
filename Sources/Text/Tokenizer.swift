import Foundation
import Storage

/// A text tokenizer described by a Hugging Face `tokenizer.json`.
///
/// Four stages, as in the reference: normaliser, pre-tokenizer, model, post-processor. The file's
/// truncation and padding sections are ignored; the caller decides. Tokens and offsets are those
/// of the reference implementation (https://github.com/huggingface/tokenizers).
package struct Tokenizer: Sendable {
    /// The bytes the tokenizer was read from.
    package let jsonData: Data
    /// SHA-256 in hexadecimal of everything that affects tokens, independent of the file's layout.
    package let fingerprint: String

    let normalizer: Normalizer
    let preTokenizer: PreTokenizer
    let model: TokenModel
    let postProcessor: PostProcessor
    let decoder: TokenDecoder
    let added: AddedTokens
    let specialIDs: Set<Int32>
    let trimmer: OffsetTrimmer?
    private let wordStart: WordStart

    /// Reads a `tokenizer.json`.
    ///
    /// - Throws: ``TokenizerError`` when the file cannot be read, is malformed, or asks for a
    ///   component that is not supported.
    package init(contentsOf url: URL) throws(TokenizerError) {
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
    package init(json data: Data) throws(TokenizerError) {
        let json: JSONValue
        do {
            json = try JSONValue(parsing: Array(data))
        } catch {
            throw .malformed("not JSON at \(error)")
        }
        guard json.members != nil else { throw .malformed("expected an object") }
        let takesBytes = json["model"].map {
            TokenModel.type(of: $0) == "BPE" && BPE.runsOnBytes($0)
        }
        normalizer = try Normalizer(json: json["normalizer"])
        preTokenizer = try PreTokenizer(
            json: json["pre_tokenizer"], takesBytes: takesBytes ?? false)
        var model = try TokenModel(json: json["model"], isByteLevel: preTokenizer.yieldsBytes)
        postProcessor = try PostProcessor(json: json["post_processor"])
        decoder = try TokenDecoder(json: json["decoder"])
        added = try AddedTokens(
            json: json["added_tokens"], vocabulary: &model.vocabulary, normalizer: normalizer)
        specialIDs = added.specialIDs(in: model.vocabulary)
        for id in postProcessor.before + postProcessor.after
        where model.vocabulary.bytes(of: id) == nil {
            throw .malformed("post_processor adds the token \(id), which does not exist")
        }
        self.model = model
        wordStart = WordStart(model: model, json: json)
        trimmer = OffsetTrimmer(postProcessor.trimmings, model.vocabulary)
        jsonData = data
        fingerprint = Tokenizer.fingerprint(json, model.vocabulary)
    }

    /// One more than the largest token number.
    package var vocabularySize: Int { model.vocabulary.size }

    /// The number of a token, spelled as in the vocabulary ("##ing").
    package func id(of token: String) -> Int32? {
        model.vocabulary.id(of: token)
    }

    /// The spelling of a token; nil for a number that no token has.
    package func token(_ id: Int32) -> String? {
        model.vocabulary.token(id)
    }

    /// Whether the token continues the word before it.
    ///
    /// Told from its spelling: by the prefix of continuations ("##ing"), or else by the lack of
    /// what stands for a space at the start of a word ("Ġ", "▁"). Special tokens never continue a
    /// word. Where spellings do not tell (whole words, or words marked at their end) no token does.
    package func isContinuation(_ id: Int32) -> Bool {
        guard let token = model.vocabulary.bytes(of: id), !specialIDs.contains(id) else {
            return false
        }
        return wordStart.isContinuation(token)
    }

    /// Whether the token is special: it stands for no text of its own.
    package func isSpecial(_ id: Int32) -> Bool {
        specialIDs.contains(id)
    }

    /// The token for what the vocabulary cannot spell; a byte-level vocabulary spells everything,
    /// but most have such a token nevertheless.
    package var unknownID: Int32? { model.unknown ?? special(["[UNK]", "<unk>"]) }
    /// The token that begins a text, in BERT's words the one that stands for all of it.
    package var classifyID: Int32? { special(["[CLS]", "<s>"]) }
    /// The token that ends a text.
    package var separatorID: Int32? { special(["[SEP]", "</s>"]) }
    package var maskID: Int32? { special(["[MASK]", "<mask>"]) }

    /// The first of these spellings that is a special token; any token will do in a file that
    /// declares no special ones.
    private func special(_ names: [String]) -> Int32? {
        names.compactMap(id(of:)).first { specialIDs.isEmpty || isSpecial($0) }
    }
}
