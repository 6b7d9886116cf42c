import Foundation
import Text
import Transformers

/// Writes prompts as tokens, in pieces: what two prompts share is a piece of both. Pieces are tokenised each for itself, so that
/// where a passage begins and ends is known exactly, whatever the tokenizer.
struct PromptWriter: Sendable {
    /// A passage in a prompt.
    struct Passage {
        var tokens: [Int32]
        var label = ""
        var rank = 1
        /// 0 to 100.
        var score = 0
    }

    /// A prompt's tokens, piece by piece.
    struct Written {
        var pieces: [[Int32]]
        /// How many of the first pieces other prompts begin with, too: what is worth keeping.
        var shared = 1
        /// The place of each passage's own tokens in the whole prompt.
        var spans: [Range<Int>]
        /// Where what follows the passages begins.
        var tail: Int

        var count: Int { pieces.reduce(0) { $0 + $1.count } }
    }

    let language: LanguageModel
    let prompt: RerankPrompt
    /// The most tokens of a passage, and of a query.
    let passageTokens: Int
    let queryTokens: Int
    /// Between a chat's messages; nil for a model that has no chats.
    private let chat: (open: String, user: String, answer: String)?
    private let ends: (before: [Int32], after: [Int32])

    init(_ language: LanguageModel, _ prompt: RerankPrompt, passageTokens: Int, queryTokens: Int = 256) {
        (self.language, self.prompt) = (language, prompt)
        (self.passageTokens, self.queryTokens) = (passageTokens, queryTokens)
        let isChat = language.chatTemplate?.contains("<|im_start|>") ?? false
        chat = isChat ? ("<|im_start|>system\n", "<|im_start|>user\n", "<|im_end|>\n<|im_start|>assistant\n") : nil
        // A model with an encoder reads its source between the tokens that end one.
        let frame = language.model.configuration.encoder == nil ? [] : language.tokens(of: "")
        ends =
            language.model.configuration.encoder == nil ? ([], []) : (Array(frame.dropLast()), Array(frame.suffix(1)))
    }

    /// A text's tokens. It cannot hold a special one, whatever it spells: a passage ends no message.
    func tokens(of text: String, atMost count: Int) -> [Int32] {
        let own = language.tokenizer.encode(text, addSpecialTokens: false).ids.filter {
            !language.tokenizer.isSpecial($0)
        }
        return Array(own.prefix(count))
    }

    /// A passage's tokens as the prompt's template asks for them, cut to the most that one may have.
    func passage(_ text: String) -> (tokens: [Int32], isCut: Bool) {
        // Where a space stands before it, the space is its first word's.
        let own = tokens(of: (beginsWithSpace ? " " : "") + text, atMost: passageTokens + 1)
        return (Array(own.prefix(passageTokens)), own.count > passageTokens)
    }

    private var parts: (before: String, after: String) {
        let parts = prompt.passage.components(separatedBy: "{passage}")
        return (parts.first ?? "", parts.count > 1 ? parts[1] : "")
    }

    private var beginsWithSpace: Bool { parts.before.hasSuffix(" ") }

    /// A query's words, cut to the most tokens that it may have.
    private func cut(_ query: String) -> String {
        let own = tokens(of: query, atMost: queryTokens + 1)
        return own.count > queryTokens ? language.text(of: Array(own.prefix(queryTokens))) : query
    }

    /// A whole prompt.
    func write(_ query: String, _ passages: [Passage], labels: [String]) -> Written {
        let values = [
            "query": cut(query), "count": "\(passages.count)", "labels": labels.joined(separator: ", "),
        ]
        func filled(_ text: String) -> String { RerankPrompt.filled(text, values) }
        func plain(_ text: String) -> [Int32] { tokens(of: text, atMost: .max) }
        func special(_ text: String) -> [Int32] { language.tokenizer.encode(text, addSpecialTokens: false).ids }
        var first = ends.before
        if let chat {
            if let system = prompt.system {
                first += special(chat.open) + plain(filled(system)) + special("<|im_end|>\n")
            }
            first += special(chat.user)
        } else if let system = prompt.system {
            first += plain(filled(system) + "\n\n")
        }
        first += plain(filled(prompt.before))
        var written = Written(pieces: first.isEmpty ? [] : [first], spans: [], tail: 0)
        var count = first.count
        let (before, after) = parts
        for passage in passages {
            let own = ["label": passage.label, "rank": "\(passage.rank)", "score": "\(passage.score)"]
            let head = plain(RerankPrompt.filled(beginsWithSpace ? String(before.dropLast()) : before, own))
            let piece = head + passage.tokens + plain(RerankPrompt.filled(after, own))
            written.spans.append(count + head.count..<count + head.count + passage.tokens.count)
            written.pieces.append(piece)
            count += piece.count
        }
        written.tail = count
        var last = plain(filled(prompt.after))
        if let chat { last += special(chat.answer) }
        // Without a chat the answer goes on where the prompt ends; a decoder beside an encoder begins it.
        if ends.after.isEmpty { last += plain(filled(prompt.lead)) }
        written.pieces.append(last + ends.after)
        return written
    }

    /// What a decoder beside an encoder has written before its answer.
    var answerStart: [Int32] {
        guard !ends.after.isEmpty, !prompt.lead.isEmpty else { return [] }
        return tokens(of: prompt.lead, atMost: .max)
    }
}
