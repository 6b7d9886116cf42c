import Storage

/// Tokens that are matched in the text as they stand, before any other stage cuts it.
struct AddedTokens: Sendable {
    struct Token: Sendable {
        let id: Int32
        let content: String
        let isSpecial: Bool
        let isNormalized: Bool
        let isSingleWord: Bool
        let stripsLeft: Bool
        let stripsRight: Bool
    }

    let all: [Token]
    /// Matched in the original text.
    let raw: TokenMatcher
    /// Matched in the normalised text.
    let normalized: TokenMatcher

    /// Reads the `added_tokens` list; tokens that the model lacks join its vocabulary.
    init(
        json: JSONValue?, vocabulary: inout Vocabulary, normalizer: Normalizer
    ) throws(TokenizerError) {
        var tokens: [Token] = []
        if let json, !json.isNull {
            guard let entries = json.array else { throw .malformed("added_tokens must be a list") }
            for entry in entries {
                guard let content = entry["content"]?.string, !content.isEmpty,
                    let id = entry["id"]?.int
                else { throw .malformed("an added token lacks its content or its number") }
                let isSpecial = entry["special"]?.bool ?? false
                tokens.append(
                    Token(
                        id: try vocabulary.add(content, id: id), content: content,
                        isSpecial: isSpecial,
                        isNormalized: entry["normalized"]?.bool ?? !isSpecial,
                        isSingleWord: entry["single_word"]?.bool ?? false,
                        stripsLeft: entry["lstrip"]?.bool ?? false,
                        stripsRight: entry["rstrip"]?.bool ?? false))
            }
        }
        all = tokens
        raw = TokenMatcher(tokens.filter { !$0.isNormalized }.map { ($0, Array($0.content.utf8)) })
        normalized = TokenMatcher(
            tokens.filter(\.isNormalized).map { ($0, normalizer.normalize($0.content)) })
    }

    /// The numbers of special tokens, and of whatever is spelt as one.
    func specialIDs(in vocabulary: Vocabulary) -> Set<Int32> {
        let ids = Set(all.filter(\.isSpecial).map(\.id))
        return ids.union(
            vocabulary.namesakes.filter { id in
                vocabulary.token(id).flatMap(vocabulary.id(of:)).map(ids.contains) ?? false
            })
    }
}
