import Storage
import TestSupport

/// Small ways to change a folder, right and wrong, whose faults are known.
struct ToyIndex {
    let workspace: TemporaryFolder
    let files: RecordingFileSystem

    static let old = [UInt8]("{\"old\": true}".utf8)
    /// Longer than a block, so that it can be torn.
    static let new = [UInt8]((String(repeating: "new ", count: 1500) + "end").utf8)

    /// A folder `index` with such files in it, and a file system that records what becomes of it.
    init(_ before: [String: [UInt8]] = ["index/manifest": ToyIndex.old]) throws {
        workspace = try TemporaryFolder()
        try FileTree(before).write(to: workspace.path("root"))
        files = try RecordingFileSystem(root: workspace.path("root"))
    }

    func path(_ name: String) -> String { files.root + "/" + name }

    var states: CrashStates { CrashStates(files.recording) }

    /// The steps that a wrong writer forgets.
    enum Forgotten { case fileSync, folderSync, newFolderSync, order }

    /// Writes a new manifest beside the old one and gives it its name.
    func replaceManifest(_ new: [UInt8] = ToyIndex.new, forgetting: Forgotten? = nil) throws {
        try Self.replaceManifest(files, path("index"), new, forgetting: forgetting)
    }

    static func replaceManifest(
        _ files: any FileSystem, _ index: String, _ new: [UInt8], forgetting: Forgotten? = nil
    ) throws {
        let file = try files.createFile(index + "/manifest.tmp")
        try file.write(new, at: 0)
        if forgetting != .fileSync { try file.sync() }
        try file.close()
        try files.rename(index + "/manifest.tmp", to: index + "/manifest", replacing: true)
        if forgetting != .folderSync { try files.syncFolder(index) }
    }

    /// Writes `part-new/data`, lets the manifest name it, and removes `part-old`.
    func replacePart(forgetting: Forgotten? = nil) throws {
        let part = path("index/part-new")
        try files.makeFolder(part)
        let file = try files.createFile(part + "/data")
        try file.write(Self.new, at: 0)
        if forgetting != .fileSync { try file.sync() }
        try file.close()
        if forgetting != .newFolderSync { try files.syncFolder(part) }
        if forgetting != .folderSync { try files.syncFolder(path("index")) }
        if forgetting == .order { try removeOldPart() }
        try replaceManifest([UInt8]("part-new".utf8))
        if forgetting != .order { try removeOldPart() }
    }

    private func removeOldPart() throws {
        try files.removeFile(path("index/part-old/data"))
        try files.removeFolder(path("index/part-old"))
    }

    /// Whether the manifest names a part that is whole.
    static func isWhole(_ tree: FileTree) -> Bool {
        switch tree.text("index/manifest") {
        case "part-old"?: tree.file("index/part-old/data") == old
        case "part-new"?: tree.file("index/part-new/data") == new
        default: false
        }
    }
}
