extension PatternParser {
    /// The class of an escape such as `\s`; nil, with nothing read, for other escapes.
    mutating func classEscape() throws(TokenizerError) -> ScalarClass? {
        let set: ScalarClass
        switch next {
        case "s": set = .whitespace
        case "S": set = .negated(.whitespace)
        case "d": set = .digit
        case "D": set = .negated(.digit)
        case "w": set = .word
        case "W": set = .negated(.word)
        case "h": set = .hexDigit
        case "H": set = .negated(.hexDigit)
        case "p", "P":
            let isNegated = next == "P"
            position += 1
            return try property(isNegated: isNegated)
        default: return nil
        }
        position += 1
        return set
    }

    private mutating func property(isNegated: Bool) throws(TokenizerError) -> ScalarClass {
        guard take("{") else { throw unsupported("a property without braces") }
        let isInverted = take("^") != isNegated
        var name = String.UnicodeScalarView()
        while let scalar = next, scalar != "}" {
            name.append(scalar)
            position += 1
        }
        guard take("}") else { throw fault("the name of a property does not end") }
        guard let set = ScalarClass.property(String(name)) else {
            throw unsupported("the property \"\(String(name))\"")
        }
        return isInverted ? .negated(set) : set
    }

    /// The scalar of an escape such as `\n`, `\x{AD}` or `\.`.
    mutating func scalarEscape() throws(TokenizerError) -> Unicode.Scalar {
        guard let scalar = next else { throw fault("a backslash at the end") }
        position += 1
        switch scalar {
        case "n": return "\n"
        case "r": return "\r"
        case "t": return "\t"
        case "f": return "\u{0C}"
        case "v": return "\u{0B}"
        case "a": return "\u{07}"
        case "e": return "\u{1B}"
        case "x":
            if take("{") {
                let value = hexadecimal(atMost: 8)
                guard take("}") else { throw fault("a number does not end") }
                return try checked(value)
            }
            return try checked(hexadecimal(atMost: 2))
        case "u": return try checked(hexadecimal(atMost: 4))
        default:
            let isAlphanumeric =
                scalar.value < 0x80 && scalar.properties.isAlphabetic
                || ("0"..."9").contains(scalar)
            if isAlphanumeric {
                position -= 1
                throw unsupported("the escape \"\\\(scalar)\"")
            }
            return scalar
        }
    }

    private mutating func hexadecimal(atMost limit: Int) -> UInt32? {
        var value: UInt32?
        var count = 0
        while count < limit, let digit = next.flatMap({ Character($0).hexDigitValue }) {
            value = (value ?? 0) << 4 | UInt32(digit)
            position += 1
            count += 1
        }
        return value
    }

    private func checked(_ value: UInt32?) throws(TokenizerError) -> Unicode.Scalar {
        guard let scalar = value.flatMap(Unicode.Scalar.init) else {
            throw fault("no such character")
        }
        return scalar
    }

    /// The class of a bracket whose opening has been read.
    mutating func bracket() throws(TokenizerError) -> ScalarClass {
        depth += 1
        defer { depth -= 1 }
        guard depth <= PatternParser.deepest else { throw unsupported("nesting this deep") }
        let isNegated = take("^")
        var parts: [ScalarClass] = []
        var isFirst = true
        while true {
            guard let scalar = next else { throw fault("a bracket does not end") }
            if scalar == "]", !isFirst {
                position += 1
                break
            }
            isFirst = false
            if take("&&") { throw unsupported("an intersection of classes") }
            if take("[:") {
                parts.append(try posixClass())
            } else if take("[") {
                parts.append(try bracket())
            } else {
                parts.append(try member())
            }
        }
        var set: ScalarClass = parts.count == 1 ? parts[0] : .union(parts)
        if ignoresCase { set = .folded(set) }
        return isNegated ? .negated(set) : set
    }

    /// `[:name:]` inside a bracket, after its opening.
    private mutating func posixClass() throws(TokenizerError) -> ScalarClass {
        let isNegated = take("^")
        var name = String.UnicodeScalarView()
        while let scalar = next, scalar != ":", scalar != "]" {
            name.append(scalar)
            position += 1
        }
        guard take(":]") else { throw fault("the name of a class does not end") }
        guard ["alpha", "alnum", "digit", "space", "word", "ascii"].contains(String(name)),
            let set = ScalarClass.property(String(name))
        else { throw unsupported("the class [:\(String(name)):]") }
        return isNegated ? .negated(set) : set
    }

    /// One member of a bracket: a scalar, a range of scalars, or an escape.
    private mutating func member() throws(TokenizerError) -> ScalarClass {
        guard let first = try memberScalar() else {
            guard let set = try classEscape() else { throw fault("no such class") }
            return set
        }
        let start = position
        if take("-"), next != "]", next != nil {
            if let last = try memberScalar() {
                guard first.value <= last.value else { throw fault("a range is reversed") }
                return .range(first.value, last.value)
            }
            throw unsupported("a range that ends in a class")
        }
        position = start
        return .scalar(first.value)
    }

    /// A scalar of a bracket; nil, at the escape's letter, when a class escape follows.
    private mutating func memberScalar() throws(TokenizerError) -> Unicode.Scalar? {
        guard let scalar = next else { throw fault("a bracket does not end") }
        position += 1
        guard scalar == "\\" else { return scalar }
        if let letter = next, "sSdDwWhHpP".unicodeScalars.contains(letter) { return nil }
        if take("b") { return "\u{08}" }
        return try scalarEscape()
    }
}
