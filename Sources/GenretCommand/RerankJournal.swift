import Corpora
import Foundation
import Rerankers

/// The queries that a job has done, a line of JSON each, in a file that goes when the job is done.
final class RerankJournal {
    struct Line: Codable {
        struct Entry: Codable {
            var id: String
            var score: Double
        }

        var query: String
        var entries: [Entry]
        var cost: RerankCost
    }

    private(set) var known: [String: Line] = [:]
    private let path: String
    private let file: FileHandle

    /// Opens a journal, or begins one: another job's is an error.
    init(_ path: String, of header: String) throws {
        self.path = path
        let manager = FileManager.default
        if let bytes = manager.contents(atPath: path) {
            let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: true)
            guard lines.first.map({ String(decoding: $0, as: UTF8.self) }) == header else {
                throw ErrorMessage.Failure(
                    sentence: "\(path): the journal of another job; finish that one, or remove the file")
            }
            for line in lines.dropFirst() {
                // The last line may have been cut short.
                guard let line = try? JSONDecoder().decode(Line.self, from: Data(line)) else { continue }
                known[line.query] = line
            }
        } else {
            let folder = URL(filePath: path).deletingLastPathComponent()
            try? manager.createDirectory(at: folder, withIntermediateDirectories: true)
            guard manager.createFile(atPath: path, contents: Data((header + "\n").utf8)) else {
                throw CorpusError.unwritable(path: path, reason: String(cString: strerror(errno)))
            }
        }
        guard let file = FileHandle(forUpdatingAtPath: path) else {
            throw CorpusError.unwritable(path: path, reason: String(cString: strerror(errno)))
        }
        self.file = file
        let end = try file.seekToEnd()
        if end > 0 {
            try file.seek(toOffset: end - 1)
            if try file.read(upToCount: 1) != Data([0x0A]) { try file.write(contentsOf: Data([0x0A])) }
        }
    }

    func add(_ query: String, _ list: [TRECRun.Entry], _ cost: RerankCost) throws {
        let line = Line(query: query, entries: list.map { .init(id: $0.passage.string, score: $0.score) }, cost: cost)
        try file.write(contentsOf: JSONEncoder().encode(line) + [0x0A])
    }
}
