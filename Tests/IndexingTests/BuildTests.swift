import Corpora
import Engine
import Foundation
import IndexStore
import Indexing
import Memory
import SampleIndexes
import Synchronization
import TestSupport
import Testing
import Transformers

@Suite struct BuildTests {
    private func builder(_ corpus: String, _ place: String, seed: UInt64 = 1) -> IndexBuilder {
        var options = IndexOptions()
        options.encoder = nil
        options.seed = seed
        return IndexBuilder(corpus: corpus, destination: place, options: options)
    }

    /// Raised from the call after so many.
    private func cancellation(after limit: Int) -> Cancellation {
        let calls = Counter()
        return Cancellation { calls.next() > limit }
    }

    @Test("The same corpus and options give the same bytes") func determinism() throws {
        let first = try Sample.lexical.get().files
        let second = try BuiltIndex(corpus: Sample.path, encoder: nil).files
        #expect(first.count == 5)
        #expect(Set(first.keys) == Set(second.keys))
        for (name, bytes) in first { #expect(second[name] == bytes, "\(name)") }
    }

    @Test("And with an encoder", .enabled(if: Sample.hasEncoder, "the default encoder is not installed"))
    func determinismWithEncoder() throws {
        let first = try Sample.full.get().files
        let second = try BuiltIndex(corpus: Sample.path, encoder: KnownModel.defaultEncoder).files
        #expect(first.count == 8 && Set(first.keys) == Set(second.keys))
        for (name, bytes) in first { #expect(second[name] == bytes, "\(name)") }
    }

    @Test("Folders have the names that their contents give") func contentNames() throws {
        let manifest = try Sample.lexical.get().engine.manifest
        for folder in manifest.folders {
            #expect(folder.folder.hasSuffix("-" + folder.sha256.prefix(16)))
        }
        let names = manifest.segments[0].files.files.map(\.name)
        #expect(names == ["ngrams.gnr", "passages.gnr", "terms.gnr"])
        #expect(manifest.generation == 1 && manifest.format == IndexManifest.currentFormat)
    }

    @Test("An interrupted build leaves nothing") func interruption() throws {
        let folder = try TemporaryFolder()
        var cancelled = 0
        for limit in 0..<100 {
            var builder = builder(Sample.path, folder.path("index"))
            builder.monitor = WorkMonitor(cancellation: cancellation(after: limit))
            do {
                _ = try builder.build()
                break
            } catch is Cancelled {
                cancelled += 1
                #expect(try folder.names() == [])
            }
        }
        #expect((4..<100).contains(cancelled))
        #expect(try folder.names() == ["index"])
    }

    @Test("An existing index stays as it was until a new one is whole") func replacement() throws {
        let folder = try TemporaryFolder()
        let place = folder.path("index")
        let old = try Sample.lexical.get()
        try old.write(to: place)
        let corpus = try TemporaryFolder()
        let small = try corpus.corpus([("a", "Bread", "Bread is baked of flour and water.")])

        #expect { try builder(small, place).build() } throws: { error in
            if case IndexingError.destinationExists(_, isIndex: true) = error { true } else { false }
        }
        var forced = builder(small, place)
        forced.replacesExisting = true
        forced.monitor = WorkMonitor(cancellation: Cancellation { true })
        #expect(throws: Cancelled.self) { try forced.build() }
        var files = try BuiltIndex.files(of: place)
        files[".lock"] = nil
        #expect(Set(files.keys) == Set(old.files.keys) && files == old.files)
        #expect(try folder.names() == ["index"])

        forced.monitor = .silent
        _ = try forced.build()
        #expect(try Engine.open(place).count == 1)
        #expect(try folder.names() == ["index"])
        // Nothing of the old one is left.
        let left = Set(try BuiltIndex.files(of: place).keys)
        let shared = left.intersection(old.files.keys)
        #expect(shared == ["manifest.json"])
    }

    @Test("What is no index is never replaced") func foreignFolder() throws {
        let folder = try TemporaryFolder()
        try Data("mine".utf8).write(to: URL(filePath: folder.path("file")))
        for place in [folder.path("file"), folder.path] {
            var builder = builder(Sample.path, place)
            builder.replacesExisting = true
            #expect { try builder.build() } throws: { error in
                if case IndexingError.destinationExists(_, isIndex: false) = error { true } else { false }
            }
        }
        #expect(try folder.names() == ["file"])
        #expect(try Data(contentsOf: URL(filePath: folder.path("file"))) == Data("mine".utf8))
    }

    @Test("A corpus that gives nothing leaves nothing", arguments: ["", "\n\n", "{}\n", "no corpus"])
    func badCorpus(content: String) throws {
        let folder = try TemporaryFolder()
        let corpus = try TemporaryFolder()
        let file = corpus.path("corpus.jsonl")
        try Data(content.utf8).write(to: URL(filePath: file))
        #expect(throws: CorpusError.self) { try builder(file, folder.path("index")).build() }
        #expect(try folder.names() == [])
    }

    @Test("Progress names every stage once, and ends") func progress() throws {
        let folder = try TemporaryFolder()
        var builder = builder(Sample.path, folder.path("index"))
        let heard = Heard()
        builder.monitor = WorkMonitor { heard.add($0) }
        let report = try builder.build()
        let finished = heard.all.filter(\.isFinished).map(\.stage)
        #expect(finished == ["vocabulary", "reading", "suffix array", "transform", "ranks", "fusion weights"])
        #expect(report.timings.map(\.stage) == finished)
        #expect(heard.all.compactMap(\.fraction).allSatisfy { (0...1).contains($0) })
        #expect(report.corpus.passages == 210 && report.manifest.passages == 210)
    }

    @Test("An id that stands in a segment before is a bad line, or refused when asked") func repeatedIDs() throws {
        let folder = try TemporaryFolder()
        let lines = (0..<60).map { "{\"_id\": \"\($0 % 59)\", \"text\": \"some words of passage \($0)\"}" }
        let corpus = folder.path("corpus.jsonl")
        try Data(lines.joined(separator: "\n").utf8).write(to: URL(filePath: corpus))
        var builder = builder(corpus, folder.path("index"))
        builder.segmentTokenLimit = 100
        builder.options.corpus.strict = true
        #expect { try builder.build() } throws: { "\($0)".contains("corpus.jsonl:60") }
        #expect(!FileManager.default.fileExists(atPath: folder.path("index")))
        builder.options.corpus.strict = false
        let report = try builder.build()
        #expect(report.manifest.passages == 59 && report.manifest.segments.count > 1)
        #expect(report.corpus.badLines.map(\.place.line) == [60])
    }
}

/// Counts calls from any thread.
final class Counter: Sendable {
    private let count = Mutex(0)

    func next() -> Int {
        count.withLock { count in
            count += 1
            return count
        }
    }
}

/// What was said of long work.
final class Heard: Sendable {
    private let progress = Mutex<[WorkProgress]>([])

    var all: [WorkProgress] { progress.withLock { $0 } }

    func add(_ step: WorkProgress) { progress.withLock { $0.append(step) } }
}
