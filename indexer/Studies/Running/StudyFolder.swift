import Foundation
import Memory
import Search

/// Where a study lies: `cells/KEY/`, `builds/KEY/`, `pools/KEY.tsv`, `study.json`, `cells.jsonl` and the report.
///
/// A folder of a cell appears whole, by a rename; what lies beside them with a dot before its name was left by a process that
/// was killed, and is removed at the next start.
package struct StudyFolder: Sendable {
    package let path: String
    private let lock: Lock

    /// Holds the folder for this process; the system frees it when the process ends, however it ends.
    private final class Lock: Sendable {
        let descriptor: Int32
        init(_ descriptor: Int32) { self.descriptor = descriptor }
        deinit {
            // A process that is being started has a copy of the descriptor, and the lock with it.
            flock(descriptor, LOCK_UN)
            close(descriptor)
        }
    }

    /// Makes the folder where it is not there, and takes it for this process.
    ///
    /// - Throws: ``StudyError/busy(folder:)`` where another process has it.
    package init(_ folder: String) throws {
        path = folder.count > 1 && folder.hasSuffix("/") ? String(folder.dropLast()) : folder
        for part in ["", "/cells", "/builds", "/pools"] { try ReportFolder.make(path + part) }
        let descriptor = open(path + "/.lock", O_CREAT | O_RDWR | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw StudyError.unwritable(path: path + "/.lock", reason: String(cString: strerror(errno)))
        }
        lock = Lock(descriptor)
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { throw StudyError.busy(folder: path) }
        for part in ["cells", "builds"] {
            for name in try names(in: part) where name.hasPrefix(".") { try remove("\(part)/\(name)") }
        }
    }

    func place(_ name: String) -> String { path + "/" + name }

    func has(_ name: String) -> Bool { FileManager.default.fileExists(atPath: place(name)) }

    func names(in part: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: place(part)).sorted()
    }

    func make(_ name: String) throws { try ReportFolder.make(place(name)) }

    func remove(_ name: String) throws {
        if has(name) { try FileManager.default.removeItem(atPath: place(name)) }
    }

    /// Gives what was made another name, at once.
    func rename(_ name: String, to other: String) throws(StudyError) {
        guard Foundation.rename(place(name), place(other)) == 0 else {
            throw .unwritable(path: place(other), reason: String(cString: strerror(errno)))
        }
    }

    /// Writes a file that appears whole.
    func write(_ value: some Encodable, to name: String) throws {
        try OutputFile.write(try JSONTree.bytes(of: value, isIndented: true) + [UInt8(ascii: "\n")], to: place(name))
    }

    func read<Value: Decodable>(_ type: Value.Type, _ name: String) throws -> Value {
        try JSONDecoder().decode(type, from: Data(contentsOf: URL(filePath: place(name))))
    }

    /// All cells that are done, in a fixed order: the size, random before pooled, the replicate, the retriever, the options,
    /// the key.
    ///
    /// - Parameter planned: keys of the study at hand. Of cells that a report could not tell apart, made with other hidden
    ///   options, such a one is taken.
    func cells(preferring planned: Set<String>) throws -> [StudyCell] {
        var best: [[String]: StudyCell] = [:]
        for name in try names(in: "cells") where !name.hasPrefix(".") {
            guard let cell = try CellFile.read(place("cells/\(name)/cell.json")).first else { continue }
            let identity = Self.identity(cell)
            if let other = best[identity], planned.contains(other.key) || !planned.contains(cell.key) { continue }
            best[identity] = cell
        }
        return best.values.sorted { one, other in
            one.sample.size != other.sample.size
                ? one.sample.size < other.sample.size
                : (Self.identity(one) + [one.key]).lexicographicallyPrecedes(Self.identity(other) + [other.key])
        }
    }

    private static func identity(_ cell: StudyCell) -> [String] {
        let sample = cell.sample
        return [
            "\(sample.size)", sample.distractors == "random" ? "" : sample.distractors, "\(sample.replicate)",
            "\(sample.seed)", cell.options.retriever, cell.growth.map { "step \($0.step)" } ?? "",
        ] + cell.options.others.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    }
}
