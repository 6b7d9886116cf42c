import Foundation

extension ModelCache {
    /// The folder of models that came with a program: `PREFIX/share/genret/models` of `PREFIX/bin/genret`.
    ///
    /// That is where a release has the general generator, wherever it was unpacked or installed. Links are
    /// followed first, because people link a program into a folder of their `PATH`.
    ///
    /// - Returns: nil where there is no such folder, as beside a program that was just built.
    package static func folderShipped(with executable: URL?) -> URL? {
        guard let program = executable?.resolvingSymlinksInPath() else { return nil }
        let prefix = program.deletingLastPathComponent().deletingLastPathComponent()
        let folder = prefix.appendingPathComponent("share/genret/models", isDirectory: true)
        var isFolder: ObjCBool = false
        let exists = FileManager.default.fileExists(atPath: folder.path, isDirectory: &isFolder)
        return exists && isFolder.boolValue ? folder : nil
    }
}
