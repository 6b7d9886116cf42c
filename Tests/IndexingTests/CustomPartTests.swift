import Engine
import Foundation
import IndexStore
import Indexing
import SampleIndexes
import Search
import Storage
import TestSupport
import Testing

/// A part that only the tests know, in an index that genret built.
@Suite struct CustomPartTests {
    private struct Place {
        let folder: TemporaryFolder
        var url: URL { URL(filePath: folder.path("index")) }

        init() throws {
            folder = try TemporaryFolder()
            try Sample.lexical.get().write(to: folder.path("index"))
        }

        func snapshot() throws -> IndexSnapshot { try IndexSnapshot.open(url) }

        func part(_ kind: ComponentID = GlossaryPart.kind) throws -> GlossaryPart? {
            let snapshot = try snapshot()
            return try snapshot.part(GlossaryPart.self, kind: kind, in: PartEnvironment(snapshot))
        }
    }

    @Test("Installed through a transaction, read back, replaced, removed") func life() throws {
        let place = try Place()
        #expect(try place.part() == nil)
        #expect(try GlossaryPart.set(["bread", "starter"], in: place.url) == .init(words: 2))
        #expect(try #require(try place.part()).words == ["bread", "starter"])
        let record = try #require(try place.snapshot().manifest.part(GlossaryPart.kind))
        #expect(record.files.folder.hasPrefix("glossary-") && record.files.files.map(\.name) == ["words.txt"])
        #expect(try record.description.decoded(as: GlossaryPart.Description.self).words == 2)
        // The index answers as ever, and checks the part with all others.
        let engine = try Engine.open(place.url.path)
        try engine.reader.verify()
        #expect(try !engine.search("bread").candidates.isEmpty)
        // Whoever has opened the old one keeps it.
        let old = try place.snapshot()
        #expect(try GlossaryPart.set(["flour"], in: place.url).words == 1)
        #expect(try old.part(GlossaryPart.self, in: PartEnvironment(old))?.words == ["bread", "starter"])
        #expect(try place.part()?.words == ["flour"])
        #expect(try InstallableParts.remove(GlossaryPart.kind, from: place.url))
        #expect(try !InstallableParts.remove(GlossaryPart.kind, from: place.url))
        #expect(try place.part() == nil)
    }

    @Test("Several of a kind stand beside each other") func several() throws {
        let place = try Place()
        _ = try GlossaryPart.set(["pain"], in: place.url, kind: "glossary/french")
        _ = try GlossaryPart.set(["Brot"], in: place.url, kind: "glossary/german")
        #expect(try place.part("glossary/french")?.words == ["pain"])
        #expect(try place.part("glossary/german")?.words == ["Brot"])
        #expect(try place.part() == nil)
        let kinds = try place.snapshot().manifest.parts(below: GlossaryPart.kind).map(\.kind)
        #expect(kinds == ["glossary/french", "glossary/german"])
    }

    @Test("One that cannot be read back is not installed, and a damaged one is told") func damage() throws {
        let place = try Place()
        let manifest = try place.snapshot().manifest
        #expect(throws: StorageError.self) { try GlossaryPart.set([], in: place.url) }
        #expect(try place.snapshot().manifest == manifest)
        _ = try GlossaryPart.set(["bread"], in: place.url)
        let file = try #require(try place.snapshot().folder(of: GlossaryPart.kind)).path("words.txt")
        try Data("bred!\n".utf8).write(to: URL(filePath: file))
        #expect { try place.part() } throws: { error in
            if case StorageError.foreign(let path) = error { path.hasSuffix("words.txt") } else { false }
        }
        #expect(throws: StorageError.self) { try Engine.open(place.url.path).reader.verify() }
    }

    @Test("An estimate that was made with it is void without it") func estimate() throws {
        let place = try Place()
        let id: ComponentID = "glossary-weight"
        _ = try GlossaryPart.set(["bread"], in: place.url)
        let digest = try #require(try place.snapshot().manifest.part(GlossaryPart.kind)).sha256
        var transaction = try IndexTransaction(place.url)
        try transaction.record(
            Estimate(
                Float(0.25), inputs: [EstimateInput(kind: GlossaryPart.kind, sha256: digest)], queries: 3,
                objective: 0.5, baseline: 0.25), as: id)
        _ = try transaction.commit()
        func value(_ used: Set<ComponentID> = [GlossaryPart.kind]) throws -> Float? {
            try place.snapshot().estimate(id, as: Float.self, using: used)?.value
        }
        #expect(try value() == 0.25)
        // A search that does without the part does without the estimate.
        #expect(try value([]) == nil)
        _ = try GlossaryPart.set(["flour"], in: place.url)
        #expect(try value() == nil)
        _ = try GlossaryPart.set(["bread"], in: place.url)
        #expect(try value() == 0.25)
        #expect(try InstallableParts.remove(GlossaryPart.kind, from: place.url))
        #expect(try value() == nil)
        #expect(try place.snapshot().manifest.estimates.contains { $0.id == id })
    }
}
