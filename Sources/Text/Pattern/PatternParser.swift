/// Reads the part of Oniguruma's syntax that tokenizers use.
///
/// What is left out (back references, scripts, class intersections, conditionals) is refused with
/// its name, never read as something else.
struct PatternParser {
    /// Deeper groups and longer counts are refused, so that a hostile pattern stays small.
    static let deepest = 100
    static let largestCount = 1_000

    let scalars: [Unicode.Scalar]
    var position = 0
    var depth = 0
    var ignoresCase = false
    private var dotMatchesNewline = false

    static func parse(_ text: String) throws(TokenizerError) -> PatternNode {
        var parser = PatternParser(scalars: Array(text.unicodeScalars))
        let node = try parser.alternatives()
        guard parser.position == parser.scalars.count else {
            throw parser.fault("a parenthesis closes nothing")
        }
        return node
    }

    private init(scalars: [Unicode.Scalar]) {
        self.scalars = scalars
    }

    var next: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

    mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard next == scalar else { return false }
        position += 1
        return true
    }

    mutating func take(_ text: String) -> Bool {
        let wanted = Array(text.unicodeScalars)
        guard position + wanted.count <= scalars.count,
            scalars[position..<position + wanted.count].elementsEqual(wanted)
        else { return false }
        position += wanted.count
        return true
    }

    func fault(_ reason: String) -> TokenizerError {
        .malformed("regular expression, character \(position): \(reason)")
    }

    func unsupported(_ what: String) -> TokenizerError {
        TokenizerError(
            .unsupported, "regular expression, character \(position): \(what) is not supported")
    }

    // MARK: Structure

    private mutating func alternatives() throws(TokenizerError) -> PatternNode {
        depth += 1
        defer { depth -= 1 }
        guard depth <= PatternParser.deepest else { throw unsupported("nesting this deep") }
        // Options set inside a group end with it.
        let options = (ignoresCase, dotMatchesNewline)
        defer { (ignoresCase, dotMatchesNewline) = options }
        var parts = [try sequence()]
        while take("|") { parts.append(try sequence()) }
        return parts.count == 1 ? parts[0] : .alternatives(parts)
    }

    private mutating func sequence() throws(TokenizerError) -> PatternNode {
        var parts: [PatternNode] = []
        while let scalar = next, scalar != "|", scalar != ")" {
            guard var node = try atom() else { continue }
            while let repeated = try quantified(node) { node = repeated }
            parts.append(node)
        }
        return parts.count == 1 ? parts[0] : .sequence(parts)
    }

    /// The node with the quantifier that follows, or nil when none does.
    private mutating func quantified(_ node: PatternNode) throws(TokenizerError) -> PatternNode? {
        var bounds: (least: Int, most: Int?)
        var isInterval = false
        switch next {
        case "*": bounds = (0, nil)
        case "+": bounds = (1, nil)
        case "?": bounds = (0, 1)
        case "{":
            guard let interval = try interval() else { return nil }
            bounds = interval
            isInterval = true
        default: return nil
        }
        if !isInterval { position += 1 }
        var greed = PatternNode.Greed.greedy
        if isInterval, let most = bounds.most, bounds.least == most {
            // After an exact count a question mark makes it optional, as in the reference.
        } else if take("?") {
            greed = .lazy
        } else if !isInterval, take("+") {
            // After an interval a plus sign repeats it, as in the reference.
            greed = .possessive
        }
        if node.isNullable, bounds.most ?? 2 > 1 {
            throw unsupported("repeating what may be empty")
        }
        return .repeated(node, least: bounds.least, most: bounds.most, greed)
    }

    /// `{n}`, `{n,}`, `{,m}` or `{n,m}`; nil when the brace stands for itself.
    private mutating func interval() throws(TokenizerError) -> (least: Int, most: Int?)? {
        let start = position
        position += 1
        let least = number()
        var most = least
        let hasComma = take(",")
        if hasComma { most = number() }
        guard take("}"), least != nil || most != nil else {
            position = start
            return nil
        }
        let low = least ?? 0
        guard low <= PatternParser.largestCount, most ?? 0 <= PatternParser.largestCount else {
            throw unsupported("a count above \(PatternParser.largestCount)")
        }
        if let most, most < low { throw fault("the bounds of a count are reversed") }
        return (low, most)
    }

    private mutating func number() -> Int? {
        var value: Int?
        while let digit = next, ("0"..."9").contains(digit) {
            value = min(1_000_000, (value ?? 0) * 10 + Int(digit.value - 0x30))
            position += 1
        }
        return value
    }

    // MARK: Atoms

    /// The next atom; nil for what matches nothing by itself, such as a comment or an option.
    private mutating func atom() throws(TokenizerError) -> PatternNode? {
        guard let scalar = next else { return nil }
        switch scalar {
        case "(":
            position += 1
            return try group()
        case "[":
            position += 1
            return .set(try bracket())
        case ".":
            position += 1
            return .set(dotMatchesNewline ? .range(0, 0x10FFFF) : .negated(.newline))
        case "^":
            position += 1
            return .assertion(.lineStart)
        case "$":
            position += 1
            return .assertion(.lineEnd)
        case "\\":
            position += 1
            return try escape()
        case "*", "+", "?":
            throw fault("a quantifier follows nothing")
        default:
            // A brace that is no count stands for itself.
            position += 1
            return literal(scalar)
        }
    }

    private func literal(_ scalar: Unicode.Scalar) -> PatternNode {
        let hasCase =
            scalar.properties.lowercaseMapping != scalar.properties.uppercaseMapping
        return ignoresCase && hasCase
            ? .set(.folded(.scalar(scalar.value))) : .literal(scalar)
    }

    private mutating func group() throws(TokenizerError) -> PatternNode? {
        guard take("?") else { return try close(try alternatives()) }
        if take("#") {
            while let scalar = next, scalar != ")" { _ = take(scalar) }
            guard take(")") else { throw fault("a comment does not end") }
            return nil
        }
        if take(":") { return try close(try alternatives()) }
        if take(">") { return .atomic(try close(try alternatives())) }
        if take("=") { return try look(isAhead: true, isNegative: false) }
        if take("!") { return try look(isAhead: true, isNegative: true) }
        if take("<=") { return try look(isAhead: false, isNegative: false) }
        if take("<!") { return try look(isAhead: false, isNegative: true) }
        if take("<") {
            while let scalar = next, scalar != ">", scalar != ")" { _ = take(scalar) }
            guard take(">") else { throw fault("the name of a group does not end") }
            return try close(try alternatives())
        }
        return try options()
    }

    private mutating func close(_ node: PatternNode) throws(TokenizerError) -> PatternNode {
        guard take(")") else { throw fault("a group does not end") }
        return node
    }

    private mutating func look(
        isAhead: Bool, isNegative: Bool
    ) throws(TokenizerError) -> PatternNode {
        let inner = try close(try alternatives())
        if !isAhead, inner.fixedLength == nil {
            throw unsupported("looking back over texts of different lengths")
        }
        return .look(inner, isAhead: isAhead, isNegative: isNegative)
    }

    /// `(?i)` for the rest of the group, `(?i:…)` for a group of its own.
    private mutating func options() throws(TokenizerError) -> PatternNode? {
        let before = (ignoresCase, dotMatchesNewline)
        var isOn = true
        while let option = next {
            position += 1
            switch option {
            case "-": isOn = false
            case "i": ignoresCase = isOn
            case "m": dotMatchesNewline = isOn
            case ")":
                // What follows up to the end of the group, its other alternatives included.
                return try alternatives()
            case ":":
                let node = try close(try alternatives())
                (ignoresCase, dotMatchesNewline) = before
                return node
            default:
                position -= 1
                throw unsupported("the option \"\(option)\"")
            }
        }
        throw fault("a group does not end")
    }

    private mutating func escape() throws(TokenizerError) -> PatternNode {
        guard let scalar = next else { throw fault("a backslash at the end") }
        switch scalar {
        case "A", "z", "Z", "b", "B":
            position += 1
            return .assertion(
                scalar == "A"
                    ? .textStart
                    : scalar == "z"
                        ? .textEnd
                        : scalar == "Z" ? .lastLineEnd : scalar == "b" ? .wordBoundary : .noWordBoundary)
        default: break
        }
        if let set = try classEscape() { return .set(set) }
        return literal(try scalarEscape())
    }
}
