import Engine
import Foundation
import Indexer
import Ranking
import Testing

@Suite struct BuildTests {
    private func builder(_ corpus: String, _ place: String, seed: UInt64 = 1) -> IndexBuilder {
        var options = IndexOptions()
        options.encoder = nil
        options.seed = seed
        return IndexBuilder(corpus: corpus, destination: place, options: options)
    }

    @Test("The same corpus and options give the same bytes") func determinism() throws {
        let first = try Sample.lexical.get().files
        let second = try BuiltIndex(corpus: Sample.path, encoder: nil).files
        #expect(first.count == 5)
        #expect(Set(first.keys) == Set(second.keys))
        for (name, bytes) in first { #expect(second[name] == bytes, "\(name)") }
    }

    @Test("An interrupted build leaves nothing") func interruption() throws {
        let folder = try TemporaryFolder()
        var cancelled = 0
        for limit in 0..<100 {
            var builder = builder(Sample.path, folder.path("index"))
            nonisolated(unsafe) var calls = 0
            builder.isCancelled = {
                calls += 1
                return calls > limit
            }
            do throws(IndexingError) {
                _ = try builder.build()
                break
            } catch {
                guard case .cancelled = error else {
                    Issue.record("\(error)")
                    return
                }
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
        forced.isCancelled = { true }
        #expect { try forced.build() } throws: { error in
            if case IndexingError.cancelled = error { true } else { false }
        }
        #expect(try BuiltIndex.files(of: place) == old.files)
        #expect(try folder.names() == ["index"])

        forced.isCancelled = { false }
        _ = try forced.build()
        #expect(try Engine.open(place).count == 1)
        #expect(try folder.names() == ["index"])
    }

    @Test("What is no index is never replaced") func foreignFolder() throws {
        let folder = try TemporaryFolder()
        try Data("mine".utf8).write(to: URL(filePath: folder.path("file")))
        for place in [folder.path("file"), folder.root] {
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
        #expect { try builder(file, folder.path("index")).build() } throws: { error in
            if case IndexingError.corpus = error { true } else { false }
        }
        #expect(try folder.names() == [])
    }

    @Test("Progress names every stage once, and ends") func progress() throws {
        let folder = try TemporaryFolder()
        var builder = builder(Sample.path, folder.path("index"))
        nonisolated(unsafe) var finished: [IndexProgress.Stage] = []
        nonisolated(unsafe) var fractions: [Double] = []
        builder.onProgress = {
            if $0.isFinished { finished.append($0.stage) }
            if let fraction = $0.fraction { fractions.append(fraction) }
        }
        let report = try builder.build()
        #expect(finished == [.vocabulary, .reading, .suffixArray, .transform, .ranks, .fusion])
        #expect(report.timings.map(\.stage) == finished.map(\.rawValue))
        #expect(fractions.allSatisfy { (0...1).contains($0) })
        #expect(report.corpus.passages == 210 && report.manifest.passages == 210)
    }
}
