import Foundation

/// A second index over the same files, to be changed apart: folders are made anew and files linked, since no file of an
/// index is ever written twice.
enum IndexClone {
    /// - Parameter place: where nothing is.
    /// - Throws: ``StudyError/unwritable(path:reason:)``.
    static func make(of index: String, at place: String) throws {
        try ReportFolder.make(place)
        for name in try FileManager.default.contentsOfDirectory(atPath: index).sorted() where !name.hasPrefix(".") {
            try copy(index + "/" + name, to: place + "/" + name)
        }
    }

    private static func copy(_ source: String, to place: String) throws {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: source, isDirectory: &isFolder), isFolder.boolValue else {
            // File systems without links get copies.
            if link(source, place) != 0 { try FileManager.default.copyItem(atPath: source, toPath: place) }
            return
        }
        try ReportFolder.make(place)
        for name in try FileManager.default.contentsOfDirectory(atPath: source).sorted() {
            try copy(source + "/" + name, to: place + "/" + name)
        }
    }
}
