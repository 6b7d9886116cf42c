import Memory
import Storage

extension FieldTable {
    /// The passages of the segment that pass a filter.
    ///
    /// - Throws: ``StorageError`` where the file is damaged.
    /// - Complexity: O(passages / 64) and what the columns that it asks of take: O(log values) for a comparison, O(strings)
    ///   for a pattern, and the blocks of entries that hold such values.
    package func passages(_ filter: FieldFilter) throws(StorageError) -> PlaceSet {
        do throws(FieldDamage) {
            return try passages(filter.condition)
        } catch {
            throw .damaged(path: path, what: "a column names passages that there are not")
        }
    }

    /// The same in a segment of so many passages that have no fields.
    package static func passages(_ filter: FieldFilter, ofEmpty count: Int) -> PlaceSet {
        filter.condition.holdsWithoutFields ? PlaceSet([], capacity: count).inverted : PlaceSet([], capacity: count)
    }

    private func passages(_ condition: FieldCondition) throws(FieldDamage) -> PlaceSet {
        switch condition {
        case .all(let parts):
            var set = try passages(parts[0])
            for part in parts.dropFirst() where !set.isEmpty { set = set.intersection(try passages(part)) }
            return set
        case .any(let parts):
            var set = try passages(parts[0])
            for part in parts.dropFirst() where !set.isFull { set = set.union(try passages(part)) }
            return set
        case .not(let part): return try passages(part).inverted
        case .compare(let name, let comparison, let value):
            return try passages(name) { $0.codes(comparison, value) }
        case .oneOf(let name, let values):
            return try passages(name) { $0.codes(equalToAny: values) }
        case .like(let name, let pattern):
            return try passages(name) { $0.codes(like: TextPattern(pattern)) }
        case .isPresent(let name):
            return try column(name)?.passagesWithValue() ?? PlaceSet([], capacity: passageCount)
        }
    }

    private func passages(
        _ name: String, _ codes: (FieldColumn) -> [Range<UInt32>]
    ) throws(FieldDamage) -> PlaceSet {
        guard let column = column(name) else { return PlaceSet([], capacity: passageCount) }
        return try column.passages(CodeSet(codes(column)))
    }
}

extension FieldCondition {
    /// Whether it holds for a passage that has no field.
    fileprivate var holdsWithoutFields: Bool {
        switch self {
        case .all(let parts): parts.allSatisfy(\.holdsWithoutFields)
        case .any(let parts): parts.contains(where: \.holdsWithoutFields)
        case .not(let part): !part.holdsWithoutFields
        case .compare, .oneOf, .like, .isPresent: false
        }
    }
}

extension FieldColumn {
    /// The codes of the values that compare so with a literal.
    func codes(_ comparison: FieldCondition.Comparison, _ literal: FieldLiteral) -> [Range<UInt32>] {
        var found = codesByKind(comparison, literal)
        if let decimal = literal.decimal {
            found += codesOfStrings { FieldLiteral.number($0).map { comparison.holds($0, decimal) } ?? false }
        }
        return found
    }

    /// The codes of the values that equal one of some literals: strings are read as numbers once for all of them.
    func codes(equalToAny literals: [FieldLiteral]) -> [Range<UInt32>] {
        var found = literals.flatMap { codesByKind(.equal, $0) }
        let decimals = Set(literals.compactMap(\.decimal))
        if !decimals.isEmpty { found += codesOfStrings { FieldLiteral.number($0).map(decimals.contains) ?? false } }
        return found
    }

    /// The same without strings that are numbers: ranges of the dictionary, found by bisection.
    private func codesByKind(_ comparison: FieldCondition.Comparison, _ literal: FieldLiteral) -> [Range<UInt32>] {
        var found: [Range<UInt32>] = []
        /// Values of a kind lie below a literal, then at it, then above it.
        func add(_ kind: FieldValue.Kind, isBelow: (Int) -> Bool, isAbove: (Int) -> Bool) {
            let all = codes(of: kind)
            let first = (0..<all.count).partitioningIndex { !isBelow($0) }
            let end = (first..<all.count).partitioningIndex(isAbove)
            let range =
                switch comparison {
                case .less: 0..<first
                case .lessOrEqual: 0..<end
                case .equal: first..<end
                case .greaterOrEqual: first..<all.count
                case .greater: end..<all.count
                }
            found.append(UInt32(all.lowerBound + range.lowerBound)..<UInt32(all.lowerBound + range.upperBound))
        }
        if let isTrue = literal.boolean, comparison == .equal { found.append(isTrue ? 1..<2 : 0..<1) }
        if let whole = literal.integer {
            add(.integer, isBelow: { integers[$0] < whole }, isAbove: { integers[$0] > whole })
        } else if let decimal = literal.decimal {
            // Whole numbers that a double cannot hold are compared as such, too.
            let (up, down) = (Int64(clamped: decimal.rounded(.up)), Int64(clamped: decimal.rounded(.down)))
            add(.integer, isBelow: { integers[$0] < up }, isAbove: { integers[$0] > down })
        }
        if let decimal = literal.decimal {
            add(.decimal, isBelow: { decimals[$0] < decimal }, isAbove: { decimals[$0] > decimal })
        }
        if let span = literal.date {
            add(.date, isBelow: { dates[2 * $0] < span.start }, isAbove: { dates[2 * $0] >= span.end })
        }
        if literal.isText {
            let text = Array(literal.text.utf8)
            add(
                .string,
                isBelow: { place in strings.withBytes(place) { $0.lexicographicallyPrecedes(text) } },
                isAbove: { place in strings.withBytes(place) { text.lexicographicallyPrecedes($0) } })
        }
        return found
    }

    /// The codes of the strings that a pattern fits.
    func codes(like pattern: TextPattern) -> [Range<UInt32>] { codesOfStrings(where: pattern.fits) }

    private func codesOfStrings(where isIn: (String) -> Bool) -> [Range<UInt32>] {
        let all = codes(of: .string)
        return (0..<all.count).compactMap { place in
            let code = UInt32(all.lowerBound + place)
            return isIn(strings[place]) ? code..<code + 1 : nil
        }
    }
}

extension FieldCondition.Comparison {
    fileprivate func holds(_ a: Double, _ b: Double) -> Bool {
        switch self {
        case .less: a < b
        case .lessOrEqual: a <= b
        case .equal: a == b
        case .greaterOrEqual: a >= b
        case .greater: a > b
        }
    }
}

extension Int64 {
    /// The nearest there is.
    fileprivate init(clamped value: Double) {
        self = Int64(exactly: value) ?? (value < 0 ? .min : .max)
    }
}

/// A pattern of SQL's `like`: `%` stands for any characters, `_` for one, and a backslash takes the next as it is.
struct TextPattern {
    private enum Element: Equatable { case any, one, character(Character) }

    private var elements: [Element] = []

    init(_ text: String) {
        var isEscaped = false
        for character in text {
            if isEscaped || !"%_\\".contains(character) {
                elements.append(.character(character))
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
            } else if character == "_" {
                elements.append(.one)
            } else if elements.last != .any {
                elements.append(.any)
            }
        }
    }

    /// - Complexity: O(text * pattern) at worst: of several `%` only the last is ever tried anew.
    func fits(_ text: String) -> Bool {
        let characters = Array(text)
        var (place, element) = (0, 0)
        var retry: (place: Int, element: Int)?
        while place < characters.count {
            if element < elements.count, elements[element] == .any {
                retry = (place, element)
                element += 1
            } else if element < elements.count,
                elements[element] == .one || elements[element] == .character(characters[place])
            {
                place += 1
                element += 1
            } else if let last = retry {
                retry = (last.place + 1, last.element)
                (place, element) = (last.place + 1, last.element + 1)
            } else {
                return false
            }
        }
        return elements[element...].allSatisfy { $0 == .any }
    }
}
