extension Tokenizer {
    /// For each of the first `count` tokens whether a word may start with it: neither a special token nor
    /// one that goes on with a word.
    package func wordStarts(count: Int) -> [Bool] {
        (0..<Int32(count)).map { !isContinuation($0) && !isSpecial($0) }
    }
}
