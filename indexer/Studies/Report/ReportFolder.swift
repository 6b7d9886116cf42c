import Foundation

/// Folders for reports, made where they are not yet there.
enum ReportFolder {
    static func make(_ path: String) throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }
}
