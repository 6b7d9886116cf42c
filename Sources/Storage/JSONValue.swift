/// A JSON document whose objects keep the order of their members and whose keys are compared
/// scalar by scalar.
///
/// A tokenizer's vocabulary holds keys that Swift's `String` considers equal (a composed letter
/// and its decomposed form), so that a dictionary of strings would lose some of them.
package enum JSONValue: Sendable {
    case null
    case bool(Bool)
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object([Member])

    /// One name and value of an object.
    package struct Member: Sendable {
        package let key: String
        package let value: JSONValue
    }

    /// The value of the first member with this name; nil when absent or when this is no object.
    ///
    /// Takes time linear in the number of members.
    package subscript(key: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.key.utf8.elementsEqual(key.utf8) }?.value
    }

    package var isNull: Bool {
        if case .null = self { true } else { false }
    }

    package var bool: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }

    package var number: Double? {
        if case .number(let value) = self { value } else { nil }
    }

    /// The number when it is whole and fits.
    package var int: Int? {
        guard case .number(let value) = self else { return nil }
        return Int(exactly: value)
    }

    package var string: String? {
        if case .string(let value) = self { value } else { nil }
    }

    package var array: [JSONValue]? {
        if case .array(let values) = self { values } else { nil }
    }

    package var members: [Member]? {
        if case .object(let members) = self { members } else { nil }
    }
}

/// A text is not JSON.
package struct JSONError: Error, Sendable, CustomStringConvertible {
    package let offset: Int
    package let reason: String

    package var description: String { "byte \(offset): \(reason)" }
}
