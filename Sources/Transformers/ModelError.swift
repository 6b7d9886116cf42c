/// A model cannot be loaded or fetched.
public enum ModelError: Error, Sendable, CustomStringConvertible {
    /// A file is missing or cannot be read.
    case unreadable(path: String, reason: String)
    /// A file cannot be written.
    case unwritable(path: String, reason: String)
    /// A file is damaged: what was expected of it does not hold.
    case malformed(path: String, reason: String)
    /// A file is fine but describes a model that genret does not support.
    case unsupported(path: String, reason: String)
    /// No known model has this name.
    case unknownModel(name: String, known: [String])
    /// A model could not be brought to this machine.
    case fetchFailed(name: String, reason: String)

    public var description: String {
        switch self {
        case .unreadable(let path, let reason), .unwritable(let path, let reason),
            .malformed(let path, let reason), .unsupported(let path, let reason):
            "\(path): \(reason)"
        case .unknownModel(let name, let known):
            "there is no model named \(name); known are \(known.joined(separator: ", "))"
        case .fetchFailed(let name, let reason):
            "the model \(name) could not be fetched: \(reason)"
        }
    }
}
