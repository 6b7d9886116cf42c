import Engine
import Foundation
import Indexing
import Ranking

/// What an index takes the language of its texts for and what follows from it, as a person reads it.
enum LanguageLine {
    static func text(_ language: TextLanguage, _ options: IndexOptions) -> String {
        let encoder = options.encoder.map { "encoder \($0)" } ?? "no encoder"
        return "language: \(name(language)); \(encoder), \(terms(language.terms))"
    }

    private static func name(_ language: TextLanguage) -> String {
        switch language.evidence {
        case .told: "\(language.terms.rawValue), as you say"
        case .words(let share):
            language.terms == .plain
                ? "none with rules of its own (\(percent(share)) of the words are of one that has none)"
                : "\(language.terms.rawValue) (\(percent(share)) of the words are its commonest)"
        case .unspaced(let share): "Chinese, Japanese, Korean or Thai (\(percent(share)) of the letters)"
        case .script(let share): "not English (\(percent(share)) of the letters are not Latin)"
        case .none: "english, as nothing speaks for another"
        }
    }

    private static func terms(_ language: TermLanguage) -> String {
        switch language {
        case .english: "terms without plurals and function words"
        case .plain: "terms as words are, and pairs of characters where no space parts words"
        default: "terms that are stems"
        }
    }

    private static func percent(_ share: Double) -> String { String(format: "%.0f %%", 100 * share) }
}
