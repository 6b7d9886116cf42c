import Foundation

/// One of apt's lists, decompressed into a temporary file where our own decoders do not know it.
///
/// Plain, gzip and zstd files are read directly; lz4 and xz, apt's usual ones, are handed to apt's
/// own helper, or to `lz4cat` and `xzcat` where it is missing.
final class AptListFile {
    let lines: LineReader
    private let temporary: URL?

    init(_ file: URL) throws(CorpusError) {
        guard let programs = try Self.programs(for: file) else {
            temporary = nil
            lines = try LineReader(path: file.path)
            return
        }
        let target = FileManager.default.temporaryDirectory
            .appendingPathComponent("genret-list-\(UUID().uuidString)")
        temporary = target
        do {
            try Self.decompress(file, to: target, programs)
            lines = try LineReader(path: target.path)
        } catch {
            try? FileManager.default.removeItem(at: target)
            throw error
        }
    }

    deinit {
        if let temporary { try? FileManager.default.removeItem(at: temporary) }
    }

    private static func programs(for file: URL) throws(CorpusError) -> [[String]]? {
        guard let handle = try? FileHandle(forReadingFrom: file) else {
            throw .unreadable(path: file.path, reason: "the file cannot be opened")
        }
        defer { try? handle.close() }
        let head = Array((try? handle.read(upToCount: 6)) ?? Data())
        let helper = ["/usr/lib/apt/apt-helper", "cat-file"]
        if head.starts(with: [0x04, 0x22, 0x4d, 0x18]) { return [helper, ["/usr/bin/lz4cat"]] }
        if head == [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00] { return [helper, ["/usr/bin/xzcat"]] }
        if head.starts(with: Array("BZh".utf8)) { return [helper, ["/usr/bin/bzcat"]] }
        return nil
    }

    private static func decompress(
        _ file: URL, to target: URL, _ programs: [[String]]
    ) throws(CorpusError) {
        guard let program = programs.first(where: { FileManager.default.isExecutableFile(atPath: $0[0]) })
        else {
            throw .unreadable(
                path: file.path,
                reason: "none of \(programs.map { $0[0] }.joined(separator: ", ")) is installed")
        }
        guard FileManager.default.createFile(atPath: target.path, contents: nil),
            let output = try? FileHandle(forWritingTo: target)
        else { throw .unwritable(path: target.path, reason: "the file cannot be opened") }
        defer { try? output.close() }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program[0])
        process.arguments = Array(program.dropFirst()) + [file.path]
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        do {
            try process.run()
        } catch {
            throw .unreadable(path: file.path, reason: "\(program[0]) cannot be started")
        }
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw .damaged(
                path: file.path, reason: "\(program[0]) ended with status \(process.terminationStatus)")
        }
    }
}
