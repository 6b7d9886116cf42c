/// What a bracket, an escape or a property of a pattern stands for.
indirect enum ScalarClass: Sendable, Hashable {
    case range(UInt32, UInt32)
    /// General categories as bits, in the order of ``categories``.
    case categories(UInt32)
    case whitespace
    case word
    case alphabetic
    case union([ScalarClass])
    case negated(ScalarClass)
    /// The class and what differs from its members in case only.
    case folded(ScalarClass)

    static func scalar(_ value: UInt32) -> ScalarClass { .range(value, value) }

    func contains(_ scalar: Unicode.Scalar) -> Bool {
        switch self {
        case .range(let first, let last): return first <= scalar.value && scalar.value <= last
        case .categories(let mask): return mask & ScalarClass.bit(scalar) != 0
        case .whitespace: return scalar.properties.isWhitespace
        case .alphabetic: return scalar.properties.isAlphabetic
        case .word:
            return ScalarClass.wordMask & ScalarClass.bit(scalar) != 0
                || scalar.properties.isAlphabetic
        case .union(let parts): return parts.contains { $0.contains(scalar) }
        case .negated(let inner): return !inner.contains(scalar)
        case .folded(let inner):
            if inner.contains(scalar) { return true }
            let lower = ScalarClass.lower(scalar)
            let upper = ScalarClass.upper(scalar)
            return inner.contains(lower) || inner.contains(upper)
                || inner.contains(ScalarClass.lower(upper)) || inner.contains(ScalarClass.upper(lower))
        }
    }

    private static func lower(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        let mapped = scalar.properties.lowercaseMapping.unicodeScalars
        return mapped.count == 1 ? mapped.first ?? scalar : scalar
    }

    private static func upper(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        let mapped = scalar.properties.uppercaseMapping.unicodeScalars
        return mapped.count == 1 ? mapped.first ?? scalar : scalar
    }

    // MARK: Categories

    /// The two-letter names of the general categories, in the order of their bits.
    private static let categories: [(name: String, category: Unicode.GeneralCategory)] = [
        ("lu", .uppercaseLetter), ("ll", .lowercaseLetter), ("lt", .titlecaseLetter),
        ("lm", .modifierLetter), ("lo", .otherLetter), ("mn", .nonspacingMark),
        ("mc", .spacingMark), ("me", .enclosingMark), ("nd", .decimalNumber),
        ("nl", .letterNumber), ("no", .otherNumber), ("pc", .connectorPunctuation),
        ("pd", .dashPunctuation), ("ps", .openPunctuation), ("pe", .closePunctuation),
        ("pi", .initialPunctuation), ("pf", .finalPunctuation), ("po", .otherPunctuation),
        ("sm", .mathSymbol), ("sc", .currencySymbol), ("sk", .modifierSymbol),
        ("so", .otherSymbol), ("zs", .spaceSeparator), ("zl", .lineSeparator),
        ("zp", .paragraphSeparator), ("cc", .control), ("cf", .format), ("cs", .surrogate),
        ("co", .privateUse), ("cn", .unassigned),
    ]

    private static let longNames: [String: String] = [
        "letter": "l", "mark": "m", "number": "n", "punctuation": "p", "symbol": "s",
        "separator": "z", "other": "c", "uppercaseletter": "lu", "lowercaseletter": "ll",
        "titlecaseletter": "lt", "modifierletter": "lm", "otherletter": "lo",
        "nonspacingmark": "mn", "spacingmark": "mc", "enclosingmark": "me",
        "decimalnumber": "nd", "letternumber": "nl", "othernumber": "no", "punct": "p",
        "control": "cc", "cntrl": "cc", "digit": "nd",
    ]

    private static let wordMask = mask("m") | mask("nd") | mask("pc") | mask("l")

    private static func bit(_ scalar: Unicode.Scalar) -> UInt32 {
        1 << bits[scalar.properties.generalCategory, default: 29]
    }

    private static let bits = Dictionary(
        categories.enumerated().map { ($1.category, UInt32($0)) }, uniquingKeysWith: { $1 })

    /// The categories whose names begin so.
    private static func mask(_ prefix: String) -> UInt32 {
        categories.enumerated().reduce(0) { mask, entry in
            entry.element.name.hasPrefix(prefix) ? mask | 1 << UInt32(entry.offset) : mask
        }
    }

    static let digit = ScalarClass.categories(mask("nd"))
    static let numeric = ScalarClass.categories(mask("n"))
    static let newline = ScalarClass.scalar(0x0A)
    static let hexDigit = ScalarClass.union([
        .range(0x30, 0x39), .range(0x41, 0x46), .range(0x61, 0x66),
    ])

    /// The class of `\p{name}`; nil for names that are not known.
    static func property(_ name: String) -> ScalarClass? {
        let plain = name.lowercased().filter { $0 != "_" && $0 != " " && $0 != "-" }
        switch plain {
        case "any": return .range(0, 0x10FFFF)
        case "alpha", "alphabetic": return .alphabetic
        case "alnum": return .union([.alphabetic, digit])
        case "space", "whitespace": return .whitespace
        case "word": return .word
        case "ascii": return .range(0, 0x7F)
        default: break
        }
        let short = longNames[plain] ?? plain
        guard short.count <= 2 else { return nil }
        let mask = mask(short)
        return mask == 0 ? nil : .categories(mask)
    }
}
