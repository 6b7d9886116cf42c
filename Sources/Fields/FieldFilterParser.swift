/// Reads a ``FieldFilter`` by recursive descent.
struct FieldFilterParser {
    /// Longer filters are refused, in bytes.
    static let longestText = 1 << 16
    /// So are those with more parentheses and `not`s inside each other, which would exhaust the stack.
    static let deepest = 100

    fileprivate struct Token {
        enum Kind { case word, quoted, symbol, end }
        var kind: Kind
        var text: String
        /// In characters, from 1.
        var column: Int
    }

    private let text: String
    private var tokens: [Token] = []
    private var next = 0
    private var depth = 0

    init(_ text: String) throws(FieldFilterError) {
        self.text = text
        guard text.utf8.count <= Self.longestText else {
            throw FieldFilterError(text: text, column: nil, reason: "longer than \(Self.longestText) bytes")
        }
        try split()
    }

    mutating func filter() throws(FieldFilterError) -> FieldCondition {
        let condition = try disjunction()
        guard token.kind == .end else { throw failure("expected \"and\", \"or\" or the end") }
        return condition
    }

    // MARK: Grammar

    private mutating func disjunction() throws(FieldFilterError) -> FieldCondition {
        var parts = [try conjunction()]
        while take(word: "or") { parts.append(try conjunction()) }
        return parts.count == 1 ? parts[0] : .any(parts)
    }

    private mutating func conjunction() throws(FieldFilterError) -> FieldCondition {
        var parts = [try negation()]
        while take(word: "and") { parts.append(try negation()) }
        return parts.count == 1 ? parts[0] : .all(parts)
    }

    private mutating func negation() throws(FieldFilterError) -> FieldCondition {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.deepest else { throw failure("nested deeper than \(Self.deepest) levels") }
        if take(word: "not") { return .not(try negation()) }
        if take(symbol: "(") {
            let inner = try disjunction()
            guard take(symbol: ")") else { throw failure("expected \")\"") }
            return inner
        }
        return try condition()
    }

    private mutating func condition() throws(FieldFilterError) -> FieldCondition {
        guard token.kind == .word && !Self.reserved.contains(token.text.lowercased()) || token.kind == .quoted else {
            throw failure("expected the name of a field")
        }
        let name = token.text
        next += 1
        if token.kind == .symbol {
            switch token.text {
            case "!=", "<>":
                next += 1
                return .not(.compare(name, .equal, try literal()))
            case "==":
                next += 1
                return .compare(name, .equal, try literal())
            default:
                if let comparison = FieldCondition.Comparison(rawValue: token.text) {
                    next += 1
                    return .compare(name, comparison, try literal())
                }
            }
        }
        if take(word: "is") {
            let isNegated = take(word: "not")
            guard take(word: "null") else { throw failure("expected \"null\" or \"not null\"") }
            return isNegated ? .isPresent(name) : .not(.isPresent(name))
        }
        let isNegated = token.isWord("not") && (peek.isWord("in") || peek.isWord("like"))
        if isNegated { next += 1 }
        let found: FieldCondition
        if take(word: "in") {
            found = .oneOf(name, try list())
        } else if take(word: "like") {
            guard token.kind == .word || token.kind == .quoted else { throw failure("expected a pattern") }
            found = .like(name, token.text)
            next += 1
        } else {
            return .compare(name, .equal, FieldLiteral("true", isQuoted: false))
        }
        return isNegated ? .not(found) : found
    }

    private mutating func list() throws(FieldFilterError) -> [FieldLiteral] {
        guard take(symbol: "(") else { throw failure("expected \"(\"") }
        var values = [try literal()]
        while take(symbol: ",") { values.append(try literal()) }
        guard take(symbol: ")") else { throw failure("expected \",\" or \")\"") }
        return values
    }

    private mutating func literal() throws(FieldFilterError) -> FieldLiteral {
        guard token.kind == .word || token.kind == .quoted else { throw failure("expected a value") }
        if token.isWord("null") { throw failure("null is no value; write \"is null\"") }
        defer { next += 1 }
        return FieldLiteral(token.text, isQuoted: token.kind == .quoted)
    }

    private static let reserved: Set = ["and", "or", "not", "in", "like", "is"]

    // MARK: Tokens

    private var token: Token { tokens[min(next, tokens.count - 1)] }
    private var peek: Token { tokens[min(next + 1, tokens.count - 1)] }

    private mutating func take(word: String) -> Bool {
        guard token.isWord(word) else { return false }
        next += 1
        return true
    }

    private mutating func take(symbol: String) -> Bool {
        guard token.kind == .symbol, token.text == symbol else { return false }
        next += 1
        return true
    }

    private func failure(_ reason: String) -> FieldFilterError {
        let found = token.kind == .end ? "the end" : "\"\(token.text.prefix(40))\""
        return FieldFilterError(text: text, column: token.column, reason: "\(reason), found \(found)")
    }

    private mutating func split() throws(FieldFilterError) {
        let characters = Array(text)
        var index = 0
        while index < characters.count {
            let start = index
            let character = characters[index]
            index += 1
            switch character {
            case _ where character.isWhitespace: continue
            case "(", ")", ",": tokens.append(Token(kind: .symbol, text: String(character), column: start + 1))
            case "<", ">", "=", "!":
                while index < characters.count, "<>=!".contains(characters[index]) { index += 1 }
                let symbol = String(characters[start..<index])
                guard ["=", "==", "!=", "<>", "<", "<=", ">", ">="].contains(symbol) else {
                    throw FieldFilterError(
                        text: text, column: start + 1,
                        reason: "\"\(symbol)\" compares nothing; there are = != < <= > >=")
                }
                tokens.append(Token(kind: .symbol, text: symbol, column: start + 1))
            case "'", "\"":
                // A quote that is doubled, or behind a backslash, stands for itself.
                var content = ""
                var isClosed = false
                while index < characters.count, !isClosed {
                    let next = characters[index]
                    index += 1
                    if next == "\\", index < characters.count, "'\"\\".contains(characters[index]) {
                        content.append(characters[index])
                        index += 1
                    } else if next != character {
                        content.append(next)
                    } else if index < characters.count, characters[index] == character {
                        content.append(character)
                        index += 1
                    } else {
                        isClosed = true
                    }
                }
                guard isClosed else {
                    throw FieldFilterError(text: text, column: start + 1, reason: "the quote is not closed")
                }
                tokens.append(Token(kind: .quoted, text: content, column: start + 1))
            default:
                while index < characters.count, !characters[index].isWhitespace,
                    !"(),<>=!'\"".contains(characters[index])
                {
                    index += 1
                }
                tokens.append(Token(kind: .word, text: String(characters[start..<index]), column: start + 1))
            }
        }
        tokens.append(Token(kind: .end, text: "", column: characters.count + 1))
    }
}

extension FieldFilterParser.Token {
    fileprivate func isWord(_ word: String) -> Bool { kind == .word && text.lowercased() == word }
}
