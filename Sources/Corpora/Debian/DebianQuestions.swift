/// A question with the packages that answer it, as indices.
struct DebianQuestion: Sendable {
    let text: String
    let relevant: [Int]
}

/// Finds questions that few packages answer, from the tags that packages carry together.
struct DebianQuestions {
    private static let mostAnswers = 50

    private let packages: [DebianPackage]

    init(packages: [DebianPackage]) {
        self.packages = packages
    }

    /// Chooses questions by the hash of their tags, so that no kind of tag takes more than its part.
    ///
    /// - Parameter mostRelevant: the most different packages that all questions together may have.
    func choose(_ count: Int, mostRelevant: Int, seed: UInt64) -> [DebianQuestion] {
        var chosen: [DebianQuestion] = []
        var uses: [String: Int] = [:]
        var answerSets: Set<[Int]> = []
        var texts: Set<String> = []
        var relevant: Set<Int> = []
        let mostUses = max(2, count / 10)
        for (key, answers) in candidates(seed: seed) {
            guard chosen.count < count else { break }
            let tags = key.split(separator: ",").map(String.init)
            // The noun is left out: most packages with tags are programs.
            guard tags.dropFirst().allSatisfy({ uses[$0, default: 0] < mostUses }),
                answerSets.insert(answers).inserted,
                relevant.union(answers).count <= mostRelevant
            else { continue }
            let text = Self.text(tags, seed: seed)
            guard texts.insert(text).inserted else { continue }
            for tag in tags.dropFirst() { uses[tag, default: 0] += 1 }
            relevant.formUnion(answers)
            chosen.append(DebianQuestion(text: text, relevant: answers))
        }
        return chosen
    }

    /// Combinations of tags that 1 to 50 packages carry, in the order of a seeded hash.
    private func candidates(seed: UInt64) -> [(key: String, answers: [Int])] {
        var answers: [String: [Int]] = [:]
        for (index, package) in packages.enumerated() {
            for key in Self.combinations(of: package.tags) {
                // One more than allowed tells those apart that have too many.
                if answers[key, default: []].count <= Self.mostAnswers {
                    answers[key, default: []].append(index)
                }
            }
        }
        return answers.filter { $0.value.count <= Self.mostAnswers }
            .map { (hash: SeededHash.of($0.key, seed: seed), key: $0.key, answers: $0.value) }
            .sorted { ($0.hash, $0.key) < ($1.hash, $1.key) }
            .map { ($0.key, $0.answers) }
    }

    /// Keys of a noun and two parts, or of a noun, a use, its object and one more part.
    private static func combinations(of tags: [String]) -> [String] {
        let tagSet = Set(tags)
        let nouns = DebianPhrases.nouns.lazy.map(\.tag).filter { tagSet.contains($0) }
        let parts = tagSet.compactMap { tag in DebianPhrases.phrase(tag).map { (tag: tag, part: $0.part) } }
            .sorted { ($0.part.rawValue, $0.tag) < ($1.part.rawValue, $1.tag) }
        var keys: [String] = []
        for (first, one) in parts.enumerated() where one.part.isContent {
            for (second, two) in parts.enumerated().dropFirst(first + 1) where two.part != one.part {
                keys += nouns.map { "\($0),\(one.tag),\(two.tag)" }
                guard one.part == .use, two.part == .object else { continue }
                for three in parts.dropFirst(second + 1) where three.part != .object {
                    keys += nouns.map { "\($0),\(one.tag),\(two.tag),\(three.tag)" }
                }
            }
        }
        return keys
    }

    /// Puts the parts of a key into a question.
    private static func text(_ tags: [String], seed: UInt64) -> String {
        let noun = DebianPhrases.nouns.first { $0.tag == tags[0] }?.phrase ?? "a package"
        var words = [noun]
        var isAfterUse = false
        var hasClause = false
        for (part, phrase) in tags.dropFirst().compactMap({ DebianPhrases.phrase($0) }) {
            let said = part == .object && !isAfterUse ? "that works with \(phrase)" : phrase
            let isClause = said.hasPrefix("that ")
            // A second clause is joined to the first: "that works with text and handles TeX files".
            words.append(isClause && hasClause ? "and" + said.dropFirst(4) : said)
            hasClause = hasClause || isClause
            isAfterUse = part == .use
        }
        let phrase = words.joined(separator: " ")
        switch SeededHash.of(tags.joined(separator: " "), seed: seed) % 4 {
        case 0: return "Is there \(phrase)?"
        case 1: return "I am looking for \(phrase)."
        case 2: return phrase
        default: return "Find \(phrase)."
        }
    }
}
