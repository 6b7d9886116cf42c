/// Replays a recording, step by step, and knows of each effect whether it outlasts a crash.
///
/// Files and folders are numbered nodes, so that what is written to a file follows it when it is renamed.
final class CrashModel {
    private enum Node {
        case folder([String: Int])
        case file([UInt8])
        case link(String)
    }

    private let operations: [FileOperation]
    /// How many steps were replayed.
    private(set) var position = 0
    private(set) var names: [NameEffect] = []
    private(set) var writes: [WriteEffect] = []
    /// Which effects on names are durable because their folder was synced.
    private(set) var isNameSynced: [Bool] = []
    /// Which are durable where a sync keeps the names that lead to what is synced, too.
    private(set) var isNameKept: [Bool] = []
    private(set) var isWriteSynced: [Bool] = []

    /// What there was at first; what came later is empty here.
    private var nodes: [Node] = [.folder([:])]
    /// The names in each folder, and the name of each file, as a running program sees them.
    private var folders: [Int: [String: Int]] = [:]
    private var labels: [Int: String] = [:]
    private var fileNodes: [Int: Int] = [:]
    private var writesOfFile: [Int: [Int]] = [:]

    private struct ContentKey: Hashable {
        let node: Int
        let fates: [WriteFate]
    }
    private var contents: [FileTree.Entry] = []
    private var numberOfEntry: [FileTree.Entry: Int] = [:]
    private var numberOfContent: [ContentKey: Int] = [:]

    init(_ recording: Recording) throws {
        operations = recording.operations
        folders[0] = [:]
        // A folder comes before what lies in it.
        for (path, entry) in recording.before.entries.sorted(by: { $0.key < $1.key }) {
            let (folder, name) = try place(path, for: .makeFolder(path))
            let node =
                switch entry {
                case .folder: add(.folder([:]), label: path)
                case .file(let bytes): add(.file(bytes), label: path)
                case .link(let target): add(.link(target), label: path)
                }
            folders[folder]?[name] = node
        }
        for (node, names) in folders { nodes[node] = .folder(names) }
    }

    var lastOperation: FileOperation? { position > 0 ? operations[position - 1] : nil }

    /// All effects so far.
    var everything: CrashChoice {
        CrashChoice(
            names: Array(repeating: true, count: names.count), writes: Array(repeating: .applied, count: writes.count))
    }

    /// Replays the next step; false at the end.
    func advance() throws -> Bool {
        guard position < operations.count else { return false }
        let operation = operations[position]
        position += 1
        switch operation {
        case .makeFolder(let path):
            let (folder, name) = try place(path, for: operation)
            change(folder, [(name, add(.folder([:]), label: path))], operation)
        case .createFile(let path, let file):
            let (folder, name) = try place(path, for: operation)
            let node = add(.file([]), label: path)
            fileNodes[file] = node
            change(folder, [(name, node)], operation)
        case .write(let bytes, let offset, let file):
            let node = try self.file(file, for: operation)
            writesOfFile[node, default: []].append(writes.count)
            let label = "write \(bytes.count) bytes at \(offset) of \(labels[node] ?? "")"
            writes.append(WriteEffect(file: node, bytes: bytes, offset: offset, label: label))
            isWriteSynced.append(false)
        case .sync(let file):
            let node = try self.file(file, for: operation)
            for write in writesOfFile[node] ?? [] { isWriteSynced[write] = true }
            keepNames(of: node)
        case .close: break
        case .rename(let path, let new):
            let (folder, name) = try place(path, for: operation)
            let (newFolder, newName) = try place(new, for: operation)
            guard let node = folders[folder]?[name] else { throw RecordingGap(path: path, operation: operation) }
            labels[node] = new
            if folder == newFolder {
                change(folder, [(name, nil), (newName, node)], operation)
            } else {
                change(newFolder, [(newName, node)], operation, part: ", the new name")
                change(folder, [(name, nil)], operation, part: ", the old name gone")
            }
        case .removeFile(let path), .removeFolder(let path):
            let (folder, name) = try place(path, for: operation)
            guard folders[folder]?[name] != nil else { throw RecordingGap(path: path, operation: operation) }
            change(folder, [(name, nil)], operation)
        case .syncFolder(let path):
            let folder = try node(path, for: operation)
            for (index, effect) in names.enumerated() where effect.folder == folder {
                isNameSynced[index] = true
                isNameKept[index] = true
            }
            keepNames(of: folder)
        }
        return true
    }

    /// What lies on the disk, as a path and a number for each thing: equal lists are equal trees.
    func listing(of choice: CrashChoice) -> [String: Int] {
        var folders: [Int: [String: Int]] = [:]
        for (node, content) in nodes.enumerated() {
            if case .folder(let names) = content { folders[node] = names }
        }
        for (effect, isKept) in zip(names, choice.names) where isKept {
            for (name, node) in effect.changes { folders[effect.folder]?[name] = node }
        }
        var listing: [String: Int] = [:]
        // Where only one half of a rename is kept, a folder could lie in itself.
        func list(_ folder: Int, _ path: String, _ above: Set<Int>) {
            for (name, node) in folders[folder] ?? [:] where !above.contains(node) {
                listing[path + name] = number(node, choice)
                if folders[node] != nil { list(node, path + name + "/", above.union([node])) }
            }
        }
        list(0, "", [0])
        return listing
    }

    func tree(of choice: CrashChoice) -> FileTree { tree(of: listing(of: choice)) }

    func tree(of listing: [String: Int]) -> FileTree {
        var tree = FileTree()
        tree.entries = listing.mapValues { contents[$0] }
        return tree
    }

    private func number(_ node: Int, _ choice: CrashChoice) -> Int {
        let writes = writesOfFile[node] ?? []
        let key = ContentKey(node: node, fates: writes.map { choice.writes[$0] })
        if let number = numberOfContent[key] { return number }
        let entry: FileTree.Entry
        switch nodes[node] {
        case .folder: entry = .folder
        case .link(let target): entry = .link(target)
        case .file(var bytes):
            for (write, fate) in zip(writes, key.fates) {
                fate.apply(self.writes[write].bytes, at: self.writes[write].offset, to: &bytes)
            }
            entry = .file(bytes)
        }
        let number = numberOfEntry[entry] ?? contents.count
        if number == contents.count {
            contents.append(entry)
            numberOfEntry[entry] = number
        }
        numberOfContent[key] = number
        return number
    }

    private func add(_ node: Node, label: String) -> Int {
        if case .folder = node { folders[nodes.count] = [:] }
        labels[nodes.count] = label
        nodes.append(node)
        return nodes.count - 1
    }

    private func change(
        _ folder: Int, _ changes: [(name: String, node: Int?)], _ operation: FileOperation, part: String = ""
    ) {
        for (name, node) in changes { folders[folder]?[name] = node }
        names.append(NameEffect(folder: folder, changes: changes, label: "\(operation)\(part)"))
        isNameSynced.append(false)
        isNameKept.append(false)
    }

    /// Marks the names that lead to a file or folder: its own and those of the folders above it.
    private func keepNames(of node: Int) {
        var node = node
        while let last = names.lastIndex(where: { $0.changes.contains { $0.node == node } }) {
            for (index, effect) in names.enumerated() where effect.changes.contains(where: { $0.node == node }) {
                isNameKept[index] = true
            }
            node = names[last].folder
        }
    }

    private func file(_ number: Int, for operation: FileOperation) throws -> Int {
        guard let node = fileNodes[number] else { throw RecordingGap(path: "file \(number)", operation: operation) }
        return node
    }

    private func node(_ path: String, for operation: FileOperation) throws -> Int {
        var node = 0
        for name in path.split(separator: "/") {
            guard let next = folders[node]?[String(name)] else { throw RecordingGap(path: path, operation: operation) }
            node = next
        }
        return node
    }

    /// The folder that a path lies in, and its name there.
    private func place(_ path: String, for operation: FileOperation) throws -> (folder: Int, name: String) {
        guard let slash = path.lastIndex(of: "/") else { return (0, path) }
        let folder = try node(String(path[..<slash]), for: operation)
        guard folders[folder] != nil else { throw RecordingGap(path: path, operation: operation) }
        return (folder, String(path[path.index(after: slash)...]))
    }
}
