/// A language whose words are folded to terms by rules of its own.
///
/// The number of a language stands in index files and never changes.
public enum TermLanguage: String, Sendable, Codable, CaseIterable {
    case english
    /// Any other language: words as they are, and pairs of characters in scripts that run words together.
    case plain
    case arabic, armenian, basque, catalan, danish, dutch, finnish, french, german, greek, hindi, hungarian, indonesian,
        irish, italian, lithuanian, nepali, norwegian, portuguese, romanian, russian, serbian, spanish, swedish, tamil,
        turkish, yiddish

    /// The language in index files.
    package var number: UInt8 {
        switch self {
        case .english: 0
        case .plain: 1
        case .arabic: 2
        case .armenian: 3
        case .basque: 4
        case .catalan: 5
        case .danish: 6
        case .dutch: 7
        case .finnish: 8
        case .french: 9
        case .german: 10
        case .greek: 11
        case .hindi: 12
        case .hungarian: 13
        case .indonesian: 14
        case .irish: 15
        case .italian: 16
        case .lithuanian: 17
        case .nepali: 18
        case .norwegian: 19
        case .portuguese: 20
        case .romanian: 21
        case .russian: 22
        case .serbian: 23
        case .spanish: 24
        case .swedish: 25
        case .tamil: 26
        case .turkish: 27
        case .yiddish: 28
        }
    }

    package init?(number: UInt64) {
        guard let language = Self.allCases.first(where: { UInt64($0.number) == number }) else { return nil }
        self = language
    }

    /// Whether Snowball has a stemmer that is used; English words lose their plurals instead.
    var hasStemmer: Bool { self != .english && self != .plain }

    /// Whether marks on letters are vowels or parts of them, which make other words.
    var keepsMarks: Bool { self == .hindi || self == .nepali || self == .tamil }
}
