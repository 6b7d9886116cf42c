/// What a key knows of a passage that the query's single terms do not; see ``KeyIncrements``.
public enum KeyClass: String, Sendable, Codable, CaseIterable {
    /// Two or more of the query's terms, as they follow each other.
    case phrase
    /// A name that punctuation cuts into terms, such as "v1.2.3".
    case name
    /// Terms of the query and others.
    case mixed
    /// Other terms alone.
    case fresh
    /// Another form of a word of the query, where the terms tell them apart.
    case form
    /// The title of a passage.
    case title
    /// A question that a passage carries.
    case question

    /// The class of a key over a floor; nil where it says nothing that the floor has not said.
    ///
    /// - Parameter isPredicted: ``NgramGenerator/predicts`` of its generator.
    init?(of key: Key, over floor: TermFloor, isPredicted: Bool) {
        guard key.count > 0 else { return nil }
        let (terms, query) = (floor.terms(of: key.tokens), floor.terms)
        // A query of function words alone has no terms, and its words are all there is.
        guard !terms.isEmpty || query.isEmpty else { return nil }
        switch key.kind {
        case .title: self = .title
        case .pseudoQuery: self = .question
        case .unigram, .terms: return nil
        case .inflection:
            guard !terms.isSubset(of: query) else { return nil }
            self = .form
        case .body, .query:
            let known = terms.intersection(query).count
            if key.isRun {
                self = .name
            } else if query.isEmpty || (known == terms.count && known > 1) {
                self = .phrase
            } else if known < terms.count, isPredicted {
                self = known > 0 ? .mixed : .fresh
            } else {
                return nil
            }
        }
    }
}
