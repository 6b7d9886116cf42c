/// A regular expression as it was written.
indirect enum PatternNode {
    case set(ScalarClass)
    /// One scalar that must be exactly this one.
    case literal(Unicode.Scalar)
    case sequence([PatternNode])
    case alternatives([PatternNode])
    /// `most` is nil without an upper bound.
    case repeated(PatternNode, least: Int, most: Int?, Greed)
    case look(PatternNode, isAhead: Bool, isNegative: Bool)
    case atomic(PatternNode)
    case assertion(Assertion)

    enum Greed { case greedy, lazy, possessive }

    enum Assertion: Int32 {
        case lineStart, lineEnd, textStart, textEnd, lastLineEnd, wordBoundary, noWordBoundary
    }

    /// Whether the node matches the empty text somewhere.
    var isNullable: Bool {
        switch self {
        case .set, .literal: false
        case .sequence(let parts): parts.allSatisfy(\.isNullable)
        case .alternatives(let parts): parts.contains(where: \.isNullable)
        case .repeated(let part, let least, _, _): least == 0 || part.isNullable
        case .look, .assertion: true
        case .atomic(let part): part.isNullable
        }
    }

    /// The number of scalars of every match; nil when matches differ.
    var fixedLength: Int? {
        switch self {
        case .set, .literal: return 1
        case .sequence(let parts):
            var total = 0
            for part in parts {
                guard let length = part.fixedLength else { return nil }
                total += length
            }
            return total
        case .alternatives(let parts):
            guard let first = parts.first?.fixedLength else { return nil }
            return parts.allSatisfy { $0.fixedLength == first } ? first : nil
        case .repeated(let part, let least, let most, _):
            guard least == most, let length = part.fixedLength else { return nil }
            return length * least
        case .look, .assertion: return 0
        case .atomic(let part): return part.fixedLength
        }
    }

    /// The class of a node that is one scalar.
    var singleClass: ScalarClass? {
        switch self {
        case .set(let set): set
        case .literal(let scalar): .scalar(scalar.value)
        default: nil
        }
    }
}
