/// A `tokenizer.json` cannot be used.
package struct TokenizerError: Error, Sendable, CustomStringConvertible {
    package enum Kind: Sendable {
        /// The file cannot be read.
        case unreadable
        /// A member is missing, has the wrong type or an impossible value.
        case malformed
        /// The file is fine but asks for a component that genret does not support.
        case unsupported
    }

    package let kind: Kind
    /// The file, or "tokenizer.json" when the bytes came from memory.
    package let file: String
    package let reason: String

    package var description: String { "\(file): \(reason)" }

    init(_ kind: Kind, _ reason: String, file: String = "tokenizer.json") {
        self.kind = kind
        self.reason = reason
        self.file = file
    }

    static func malformed(_ reason: String) -> TokenizerError {
        TokenizerError(.malformed, reason)
    }

    /// The error for a component whose type is missing or unknown.
    static func unsupported(_ section: String, _ type: String?, known: String) -> TokenizerError {
        guard let type else { return malformed("\(section) has no type") }
        return TokenizerError(
            .unsupported, "\(section) of type \(type) is not supported; expected \(known)")
    }

    func inFile(_ file: String) -> TokenizerError {
        TokenizerError(kind, reason, file: file)
    }
}
