/// English function words: articles, pronouns, prepositions, auxiliaries and question words, which
/// say how a sentence is built rather than what it is about.
enum EnglishStopwords {
    static let words: Set<String> = Set(
        """
        a an and are as at be been being but by can could did do does doing for from had has have
        having he her hers him his how i if in into is it its itself me my no nor not of off on or
        our ours over own s she should so some such t than that the their theirs them then there
        these they this those through to too under until up very was we were what when where which
        while who whom whose why will with would you your yours
        """.split(whereSeparator: \.isWhitespace).map(String.init))

    static let longest = words.map(\.utf8.count).max() ?? 0
}
