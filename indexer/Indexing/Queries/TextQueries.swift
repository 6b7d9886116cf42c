import Corpora
import Memory
import Ranking

/// The sentences of passages, of three terms or more; drawn where a passage has more than are wanted.
package struct SentenceQueries: PassageQueryGenerator {
    package let name = "sentences"
    private let analyzer = TermAnalyzer()

    package init() {}

    func queries(of passage: QueryPassage, count: Int, _ random: inout SeededGenerator) -> [String] {
        let sentences = Sentences.ranges(in: passage.text).map { WhiteSpace.collapsed(passage.text[$0]) }
            .filter { analyzer.terms(of: $0).count >= 3 }
        return random.sample(count, of: sentences.count).map { sentences[Int($0)] }
    }
}

/// The titles of passages.
package struct TitleQueries: PassageQueryGenerator {
    package let name = "title"
    private let analyzer = TermAnalyzer()

    package init() {}

    func queries(of passage: QueryPassage, count: Int, _ random: inout SeededGenerator) -> [String] {
        let title = WhiteSpace.collapsed(passage.title)
        return analyzer.terms(of: title).isEmpty || count < 1 ? [] : [title]
    }
}

/// Queries that the user has: all those that judgements connect with a passage, however many there are and
/// whether they find it or not.
package struct LabelledQueries: PassageQueryGenerator {
    package let name = "labelled"
    package let isTrusted = true
    private let byPassage: [Identifier: [String]]

    /// - Parameter byPassage: the queries of each passage by its external id.
    package init(byPassage: [Identifier: [String]]) { self.byPassage = byPassage }

    func queries(of passage: QueryPassage, count: Int, _ random: inout SeededGenerator) -> [String] {
        (byPassage[Identifier(passage.id)] ?? []).map { WhiteSpace.collapsed($0) }
    }
}
