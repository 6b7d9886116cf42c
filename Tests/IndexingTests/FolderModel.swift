import Corpora
import Engine
import Foundation
import IndexStore
import Indexing
import Memory
import SampleIndexes
import Search
import TestSupport
import Testing

/// A folder that is edited at random, and an index that follows it.
struct FolderModel {
    let place: TemporaryFolder
    var folder: String { place.path("notes") }
    var index: String { place.path("index") }
    private let encoder: String?
    private var random: SeededGenerator
    /// Passages that were added from elsewhere.
    private var others: [String: String] = [:]
    private(set) var steps: [String] = []

    private static let folders = ["", "a/", "a/b/", "c d/"]
    private static let names = ["one.md", "two.txt", "three.md", "list.jsonl", "more.jsonl", "README.md", "table.tsv"]
    private static let words = ["bread", "salt", "water", "flour", "oven", "stone", "river", "mill", "wheel", "grain"]

    init(seed: UInt64, encoder: String? = nil) throws {
        place = try TemporaryFolder()
        self.encoder = encoder
        random = SeededGenerator(seed: seed)
        try write("all.txt", Self.words.joined(separator: " ") + " elsewhere record title number text id again")
        for _ in 0..<below(6) { try edit() }
    }

    private mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &random) }

    private func write(_ name: String, _ text: String) throws {
        let url = URL(filePath: folder + "/" + name)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
    }

    private mutating func name() -> String { Self.folders[below(4)] + Self.names[below(Self.names.count)] }

    private mutating func sentence() -> String {
        (0...below(6)).map { _ in Self.words[below(Self.words.count)] }.joined(separator: " ") + "."
    }

    /// The text of a file; ids of records, and some of their texts, are those of other files, too.
    private mutating func text(of name: String) -> String {
        if name.hasSuffix(".jsonl") {
            return (0..<below(5)).map { _ in
                let id = below(12) == 0 ? "a/one.md#1" : "r\(below(8))"
                return "{\"_id\":\"\(id)\",\"title\":\"\",\"text\":\"\(below(3) == 0 ? "again" : sentence())\"}\n"
            }.joined()
        }
        if name.hasSuffix(".tsv") {
            return "id\ttext\n" + (0..<below(3)).map { _ in "r\(below(8))\t\(sentence())\n" }.joined()
        }
        return (0..<below(5)).map { _ in below(3) == 0 ? "# \(sentence())\n\n" : sentence() + "\n\n" }.joined()
    }

    private var files: [String] {
        let all = (FileManager.default.enumerator(atPath: folder)?.allObjects as? [String] ?? []).sorted()
        return all.filter {
            var isFolder: ObjCBool = false
            return FileManager.default.fileExists(atPath: folder + "/" + $0, isDirectory: &isFolder)
                && !isFolder.boolValue && $0 != "all.txt"
        }
    }

    /// One change of the folder.
    mutating func edit() throws {
        let there = files
        let kind = there.isEmpty ? 0 : below(8)
        switch kind {
        case 0...2:
            let name = name()
            steps.append("write \(name)")
            try write(name, text(of: name))
        case 3:
            let name = there[below(there.count)]
            steps.append("remove \(name)")
            try FileManager.default.removeItem(atPath: folder + "/" + name)
        case 4, 5:
            let (old, new) = (there[below(there.count)], name())
            steps.append("\(kind == 4 ? "rename" : "copy") \(old) to \(new)")
            let text = String(decoding: try Data(contentsOf: URL(filePath: folder + "/" + old)), as: UTF8.self)
            if kind == 4 { try FileManager.default.removeItem(atPath: folder + "/" + old) }
            try write(new, text)
        case 6:
            steps.append("ignore")
            let lines = (0..<below(3)).map { _ in ["a/", "*.jsonl", "!one.md", "two.*", "/one.md", "b"][below(6)] }
            try write(Self.folders[below(4)] + ".gitignore", lines.joined(separator: "\n"))
        default:
            let name = there[below(there.count)]
            steps.append("append to \(name)")
            let text = String(decoding: try Data(contentsOf: URL(filePath: folder + "/" + name)), as: UTF8.self)
            try write(name, text + self.text(of: name))
        }
    }

    /// Something that happens to the index besides.
    mutating func meddle() throws {
        var change = IndexChange(index, models: TinySample.models)
        change.segmentTokenLimit = 40
        switch below(5) {
        case 0:
            steps.append("add elsewhere")
            let id = "elsewhere-\(steps.count)"
            others[id] = "elsewhere"
            _ = try change.add(try place.corpus([(id, "", "elsewhere")]))
        case 1:
            steps.append("compact")
            _ = try change.compact(.all)
        case 2:
            steps.append("delete from the index")
            let reader = try Engine.open(index, models: TinySample.models).reader
            let ids = try reader.livingPlaces().map { try reader.id(of: PassageIndex($0)) }
            let id = ids[below(ids.count)]
            others[id] = nil
            _ = try change.delete(ids: [id])
        default: break
        }
    }

    private var options: IndexOptions {
        var options = IndexOptions()
        (options.encoder, options.generator, options.pseudoQueries) = (encoder, nil, 0)
        (options.quantiserLevels, options.fanout, options.leafSize) = (2, 2, 2)
        options.corpus.obeysIgnoreFiles = true
        return options
    }

    func sync() throws -> FolderSync.Report {
        var sync = FolderSync(index, folder, models: TinySample.models)
        sync.options = options
        sync.change.segmentTokenLimit = 40
        return try sync.run()
    }

    /// Makes the index as it would have been made before it followed the folder.
    func build() throws {
        _ = try IndexBuilder(corpus: folder, destination: index, options: options, models: TinySample.models).build()
    }

    /// Compares the passages with those of an index that is built of the folder.
    func check(_ report: FolderSync.Report) throws {
        let fresh = place.path("fresh")
        try? FileManager.default.removeItem(atPath: fresh)
        _ = try IndexBuilder(corpus: folder, destination: fresh, options: options, models: TinySample.models).build()
        var expected = try passages(fresh)
        #expect(report.passages == expected.count && report.others == others.count, "\(steps)")
        for (id, text) in others { expected[id] = "|" + text }
        #expect(try passages(index) == expected, "\(steps)")
        let reader = try Engine.open(index, models: TinySample.models).reader
        let files = try #require(try reader.folder()).files
        #expect(files.flatMap(\.passages.ids).count == report.passages, "\(steps)")
        let again = try sync()
        // The first change of an index leaves a lock file, whatever it changes.
        let before = try BuiltIndex.files(of: index)
        #expect(try sync().isSame)
        #expect(again.isSame && again.files.unchanged == files.count, "\(steps)")
        #expect(try BuiltIndex.files(of: index) == before, "\(steps)")
    }

    private func passages(_ index: String) throws -> [String: String] {
        let reader = try Engine.open(index, models: TinySample.models).reader
        var all: [String: String] = [:]
        for place in try reader.livingPlaces() {
            let passage = try reader.passage(PassageIndex(place))
            #expect(all.updateValue(passage.title + "|" + passage.text, forKey: passage.id) == nil, "\(steps)")
        }
        return all
    }

    func verify() throws { try Engine.open(index, models: TinySample.models).reader.verify(isDeep: true) }
}
