import Foundation
import Storage

/// Removes folders of an index that its manifest does not name: those that a change replaced, and those that a
/// killed writer had ready. A folder that a reader holds is left to the next writer, and so is what cannot be
/// removed. Nothing that genret did not write is touched.
struct Garbage {
    private let index: URL
    private let files: any FileSystem

    init(_ index: URL, _ files: any FileSystem) { (self.index, self.files) = (index, files) }

    /// Where a folder is moved before it is emptied, so that a half-empty one never has its name.
    static let bin = ".removed"

    /// - Parameters:
    ///   - manifests: what names the folders that stay.
    ///   - replaced: what an earlier manifest named: all of it was written by genret, whatever its names.
    func collect(keeping manifests: [IndexManifest], replaced: [FolderRecord]) {
        try? files.removeTree(index.appending(path: Self.bin).path)
        try? files.removeTree(index.appending(path: ManifestFile.temporary).path)
        let kept = manifests.flatMap(\.folders)
        let names = Set(kept.map(\.folder))
        for old in replaced {
            if names.contains(old.folder) || old.folder == "." {
                removeFiles(of: old, keeping: kept)
            } else {
                remove(old.folder, files: old.files.map(\.name))
            }
        }
        for name in Self.contents(index.path) where !names.contains(name) {
            // Only a folder that is what its name says can be a killed writer's.
            guard Self.isContentName(name), let record = FolderRecord.ofFiles(in: index.appending(path: name).path),
                record.folder == name
            else { continue }
            remove(name, files: record.files.map(\.name))
        }
    }

    /// Removes a folder with the files that it is known to have; with others in it, it stays with those.
    private func remove(_ name: String, files known: [String]) {
        let place = index.appending(path: name)
        guard let hold = FolderHold(removing: place) else { return }
        defer { withExtendedLifetime(hold) {} }
        guard Self.contents(place.path).allSatisfy(known.contains) else {
            for file in known { try? files.removeFile(place.appending(path: file).path) }
            return
        }
        let bin = index.appending(path: Self.bin).path
        // Not before the new name is sure: after a crash the old one must not lead to a folder that lacks files.
        guard (try? files.rename(place.path, to: bin, replacing: false)) != nil,
            (try? files.syncFolder(index.path)) != nil
        else { return }
        try? files.removeTree(bin)
    }

    /// Removes files of a folder that stays, as older formats have them.
    private func removeFiles(of old: FolderRecord, keeping kept: [FolderRecord]) {
        let place = old.folder == "." ? index : index.appending(path: old.folder)
        for file in old.files where !kept.contains(where: { $0.folder == old.folder && $0.contains(file.name) }) {
            try? files.removeFile(place.appending(path: file.name).path)
        }
    }

    static func isContentName(_ name: String) -> Bool {
        let parts = name.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count > 1, let digits = parts.last, digits.count == FolderRecord.digits else { return false }
        return digits.allSatisfy { $0.isASCII && $0.isHexDigit }
    }

    private static func contents(_ folder: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
    }
}

extension FolderRecord {
    /// The record of a folder by what is in it; nil where that is not files alone.
    static func ofFiles(in folder: String) -> FolderRecord? {
        let url = URL(filePath: folder)
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder),
            let end = url.lastPathComponent.lastIndex(of: "-")
        else { return nil }
        let records = names.compactMap { try? FileRecord(of: url.appending(path: $0).path) }
        guard records.count == names.count, !records.isEmpty else { return nil }
        return FolderRecord(String(url.lastPathComponent[..<end]), files: records)
    }
}
