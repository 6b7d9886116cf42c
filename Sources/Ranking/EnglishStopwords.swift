import Memory

/// English function words: articles, pronouns, prepositions, auxiliaries and question words, which
/// say how a sentence is built rather than what it is about.
///
/// All have fewer than eight bytes, so that a word is one number and a look-up compares numbers.
enum EnglishStopwords {
    private static let words = """
        a an and are as at be been being but by can could did do does doing for from had has have
        having he her hers him his how i if in into is it its itself me my no nor not of off on or
        our ours over own s she should so some such t than that the their theirs them then there
        these they this those through to too under until up very was we were what when where which
        while who whom whose why will with would you your yours
        """

    /// Open addressing in a table that is at most a quarter full; 0 is no word.
    private static let slots = {
        var slots = [UInt64](repeating: 0, count: slotCount)
        for word in words.split(whereSeparator: \.isWhitespace) {
            let number = number(word.utf8)
            var slot = place(number)
            while slots[slot] != 0 { slot = (slot + 1) % slotCount }
            slots[slot] = number
        }
        return FrozenArray(slots)
    }()

    private static let slotCount = 1 << 9

    /// Whether a word in lower case is one of these; O(1).
    static func contains(_ word: UnsafeMutableBufferPointer<UInt8>) -> Bool {
        guard word.count < 8 else { return false }
        let number = number(word)
        let slots = slots.unsafeBase
        var slot = place(number)
        while slots[slot] != 0 {
            if slots[slot] == number { return true }
            slot = (slot + 1) % slotCount
        }
        return false
    }

    /// The bytes in one number, with a one above them to tell lengths apart.
    private static func number(_ word: some Sequence<UInt8>) -> UInt64 {
        word.reduce(1) { $0 << 8 | UInt64($1) }
    }

    private static func place(_ number: UInt64) -> Int {
        Int((number &* 0x9E37_79B9_7F4A_7C15) >> 55)
    }
}
