extension Tokenizer {
    /// The text that the tokens spell; numbers without a token are left out.
    package func decode(_ ids: some Sequence<Int32>, skipSpecialTokens: Bool = true) -> String {
        var tokens: [String] = []
        for id in ids where !(skipSpecialTokens && specialIDs.contains(id)) {
            if let token = token(id) { tokens.append(token) }
        }
        return decoder.decode(tokens)
    }
}
