/// What a file of a folder is, for the account of what was read and what was passed over.
public enum FileKind: Sendable, Hashable, Codable {
    /// By the ending of its name, such as `md`; empty where it has none.
    case ending(String)
    /// A file or a folder whose name begins with a dot.
    case hidden
    /// A folder of other people's code or of a cache, such as `node_modules`.
    case dependencies
    /// A folder that holds an index.
    case index
    /// What the options leave out.
    case excluded
    /// What a `.gitignore` file leaves out.
    case ignored
    /// Questions or judgements beside a corpus.
    case questions
    /// A file that tells about the corpus beside it, such as `README.md`.
    case description
    /// JSON or a table in which no passages were found.
    case withoutPassages
    /// A file that was read and gave nothing.
    case empty
    /// A link to what is in the folder itself.
    case linkInside
    /// A link that leads out of the folder.
    case linkOutside
    /// A link to nothing.
    case linkBroken
    /// A pipe, a socket or a device.
    case special
    /// What the operating system does not open.
    case unreadable
}

/// Files counted by kind, with the names of the first of each.
public struct FileTally: Sendable, Hashable, Codable {
    /// The most names kept of a kind.
    public static let keptNames = 5

    public struct Entry: Sendable, Hashable, Codable {
        public let kind: FileKind
        public internal(set) var count = 0
        /// The first names, escaped where they are no text.
        public internal(set) var names: [String] = []
    }

    /// The kinds, in the order in which they were met.
    public private(set) var entries: [Entry] = []

    public init() {}

    public var count: Int { entries.reduce(0) { $0 + $1.count } }
    public var isEmpty: Bool { entries.isEmpty }

    public subscript(kind: FileKind) -> Entry? { entries.first { $0.kind == kind } }

    mutating func add(_ kind: FileKind, name: @autoclosure () -> String) {
        let place = entries.firstIndex { $0.kind == kind } ?? entries.count
        if place == entries.count { entries.append(Entry(kind: kind)) }
        entries[place].count += 1
        if entries[place].names.count < Self.keptNames { entries[place].names.append(name()) }
    }

    /// Takes back one file of a kind.
    mutating func remove(_ kind: FileKind) {
        guard let place = entries.firstIndex(where: { $0.kind == kind }) else { return }
        entries[place].count -= 1
        if entries[place].count == 0 { entries.remove(at: place) }
    }
}

extension FileTally: CustomStringConvertible {
    /// Such as `4 .png, 1 .py, 2 hidden`: endings first, the most frequent first.
    public var description: String {
        let endings = entries.filter(\.isEnding).sorted { ($1.count, $0.phrase) < ($0.count, $1.phrase) }
        return (endings + entries.filter { !$0.isEnding }).map(\.phrase).joined(separator: ", ")
    }
}

extension FileTally.Entry {
    fileprivate var isEnding: Bool {
        if case .ending = kind { true } else { false }
    }

    fileprivate var phrase: String {
        switch kind {
        case .ending(""): "\(count) without an ending"
        case .ending(let ending): "\(count) .\(ending)"
        case .hidden: "\(count) hidden"
        case .dependencies: "\(count) of other people's code or of caches\(list)"
        case .index: "\(count) index\(count == 1 ? "" : "es")\(list)"
        case .excluded: "\(count) excluded"
        case .ignored: "\(count) ignored by git\(list)"
        case .questions: "\(count) of questions or judgements\(list)"
        case .description: "\(count) that tell\(count == 1 ? "s" : "") about the corpus\(list)"
        case .withoutPassages: "\(count) without passages\(list)"
        case .empty: "\(count) empty\(list)"
        case .linkInside: "\(count) link\(plural) to files of the folder itself"
        case .linkOutside: "\(count) link\(plural) out of the folder\(list)"
        case .linkBroken: "\(count) broken link\(plural)\(list)"
        case .special: "\(count) pipe\(plural), socket\(plural) or device\(plural)\(list)"
        case .unreadable: "\(count) that cannot be opened\(list)"
        }
    }

    private var plural: String { count == 1 ? "" : "s" }

    private var list: String {
        " (\(names.joined(separator: ", "))\(count > names.count ? ", …" : ""))"
    }
}
