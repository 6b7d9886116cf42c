import Foundation
import IndexStore
import Memory
import Search
import Storage
import TestSupport

/// A part of a word, for indexes without any model.
struct NotePart: IndexPart {
    static let kind: ComponentID = "note"

    struct Description: Codable, Sendable, Equatable {
        var length: Int
    }

    let text: String

    var description: Description { .init(length: text.count) }

    init(_ folder: PartFolder, in environment: PartEnvironment) throws {
        text = String(decoding: try Data(contentsOf: folder.url.appending(path: "note.txt")), as: UTF8.self)
    }
}

/// The one file of the segments of such indexes.
struct Numbers: SegmentComponent {
    static let id: ComponentID = "numbers"
    static let fileKind = "numbers"

    let values: [Int32]

    var passageCount: Int { values.count }

    init(_ container: Container) throws { values = try container.section("values", of: Int32.self).toArray() }
}

/// Small indexes: a segment of numbers and a note.
enum NoteIndex {
    static var manifest: IndexManifest {
        IndexManifest(
            genret: "", corpus: .init(format: "numbers", sha256: "0", badLines: 0),
            tokenizer: .init(fingerprint: "", source: "corpus", documentEnd: 0, titleEnd: 1), encoder: nil,
            options: .object([:]))
    }

    /// Makes, or replaces, an index.
    static func create(
        _ path: String, _ values: [Int32], note: String? = nil, files: any FileSystem = LocalFileSystem()
    ) throws {
        var transaction = try IndexTransaction(creating: URL(filePath: path), files: files)
        transaction.replaceAll(by: manifest)
        let folder = try transaction.stage()
        let writer = try folder.writer(Numbers.fileName, kind: Numbers.fileKind)
        try writer.write("values", values)
        try writer.finish()
        try transaction.addSegment(folder, passages: values.count, tokens: values.count)
        if let note { try install(note, in: &transaction) }
        _ = try transaction.commit()
    }

    static func install(_ note: String, in transaction: inout IndexTransaction) throws {
        _ = try transaction.install(NotePart.self) { folder, _ in try folder.write(note.utf8, as: "note.txt") }
    }

    /// Sets the note of an index.
    static func set(_ note: String, in path: String, files: any FileSystem = LocalFileSystem()) throws {
        var transaction = try IndexTransaction(URL(filePath: path), files: files)
        try install(note, in: &transaction)
        _ = try transaction.commit()
    }

    static func remove(_ path: String, files: any FileSystem = LocalFileSystem()) throws {
        var transaction = try IndexTransaction(URL(filePath: path), files: files)
        transaction.remove(NotePart.kind)
        _ = try transaction.commit()
    }

    /// Estimates a number for the note.
    static func estimate(_ value: Double, in path: String, files: any FileSystem = LocalFileSystem()) throws {
        var transaction = try IndexTransaction(URL(filePath: path), files: files)
        let digest = transaction.manifest?.part(NotePart.kind)?.sha256
        try transaction.record(
            Estimate(value, inputs: [.init(kind: NotePart.kind, sha256: digest)], queries: 1, objective: value),
            as: "weight")
        _ = try transaction.commit()
    }

    /// All that an index says, every byte of it checked; nil where there is no index.
    ///
    /// - Throws: what is wrong with one that is there.
    static func contents(_ path: String) throws -> String? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        return try contents(IndexSnapshot.open(URL(filePath: path)))
    }

    static func contents(_ snapshot: IndexSnapshot) throws -> String {
        for segment in snapshot.segments { try segment.verify() }
        let values = try snapshot.segments.flatMap { try $0.component(Numbers.self).values }
        let note = try snapshot.part(NotePart.self, in: PartEnvironment(snapshot))
        let weight = snapshot.estimate("weight", as: Double.self, using: [NotePart.kind])
        return "\(values) \(note?.text ?? "-") \(weight.map { "\($0.value)" } ?? "-")"
    }

    /// What is in a folder, with what is in its folders, by name; the file that locks is left out.
    static func names(_ path: String) -> [String] {
        let names = FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
        return names.filter { !$0.hasSuffix(".lock") }.sorted()
    }
}
