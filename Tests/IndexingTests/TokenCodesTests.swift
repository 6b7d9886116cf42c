import Corpora
import Docids
import Engine
import Foundation
import IndexStore
import Indexing
import Memory
import Ranking
import SampleIndexes
import Search
import Storage
import Tensors
import TestSupport
import Testing
import Transformers

/// Token codes from the encoder's pass to a reranked search, under the tiny encoder.
@Suite struct TokenCodesTests {
    private let folder: TemporaryFolder
    private let generator: URL

    init() throws {
        folder = try TemporaryFolder()
        generator = try TinySample.generatorWithHead(URL(filePath: folder.path("generator")))
    }

    private func build(
        _ name: String, segmentTokens: Int? = nil, _ change: (inout IndexOptions) -> Void = { _ in }
    ) throws -> String {
        var options = IndexOptions()
        (options.encoder, options.pseudoQueries, options.trainSteps) = ("tiny_bert", 0, 0)
        options.generator = generator.path
        change(&options)
        var builder = IndexBuilder(
            corpus: Sample.path, destination: folder.path(name), options: options, models: TinySample.models)
        builder.segmentTokenLimit = segmentTokens
        builder.staticSample = 60
        _ = try builder.build()
        return folder.path(name)
    }

    private func reader(_ place: String) throws -> IndexReader {
        try IndexReader.open(place, models: TinySample.models)
    }

    private func codes(_ place: String) throws -> [TokenCodes?] {
        let reader = try reader(place)
        return try reader.tokenCodes(of: #require(try reader.value(IndexTokenCoder.self).coder))
    }

    /// The bytes of each passage's codes by its external id; empty for none.
    private func byID(_ place: String) throws -> [String: [UInt8]] {
        let reader = try reader(place)
        let codes = try codes(place)
        var found: [String: [UInt8]] = [:]
        for passage in try reader.livingPlaces() {
            let (segment, local) = reader.places.locate(PassageIndex(passage))
            let bytes = try codes[segment]?.withCodes(of: local) { Array($0) } ?? []
            found[try reader.id(of: PassageIndex(passage))] = bytes
        }
        return found
    }

    private func interaction(_ place: String, _ candidates: [Int32]) throws -> (scores: [Float], exact: [Float]) {
        let reader = try reader(place)
        let reranker = try InteractionReranker.open(reader, NoOptions()).component
        let query = try reader.query("when does a sourdough starter smell", needs: .states)
        let passages = candidates.map { PassageIndex($0) }
        let scores = try reranker.scores(of: passages, for: query)
        return (scores, try InteractionReranker.reading(reader).scores(of: passages, for: query))
    }

    @Test(
        "Every token that the encoder read of a passage has a code, in any number of segments", arguments: [nil, 9_000])
    func complete(segmentTokens: Int?) throws {
        let place = try build("index", segmentTokens: segmentTokens)
        let reader = try reader(place)
        let coder = try #require(try reader.value(IndexTokenCoder.self).coder)
        let encoder = try reader.value(IndexEncoder.self).encoder
        let codes = try codes(place)
        #expect(codes.count == reader.snapshot.segments.count && (segmentTokens == nil || codes.count > 1))
        for passage in stride(from: Int32(0), to: Int32(reader.count), by: 7) {
            let (segment, local) = reader.places.locate(PassageIndex(passage))
            let text = try reader.passage(PassageIndex(passage))
            let states = encoder.states(
                tokens: encoder.tokens(of: (text.title.isEmpty ? "" : text.title + " ") + text.text, as: .passage))
            let stored = try #require(codes[segment])
            #expect(stored.tokens(of: local) == min(states.rows, TokenCoder.passageTokens))
            let expected = states.withUnsafeBuffer { coder.codes(ofStates: $0) }
            #expect(try stored.withCodes(of: local) { Array($0) } == expected)
        }
        try reader.verify(isDeep: true)
        #expect(throws: Never.self) { try codes.forEach { try $0?.check() } }
    }

    @Test("A score from codes is near that of the states, and passages without codes have the states'") func scores()
        throws
    {
        let place = try build("index")
        let (scores, exact) = try interaction(place, Array(0..<40))
        let error = zip(scores, exact).reduce(Float(0)) { $0 + abs($1.0 - $1.1) } / 40
        #expect(error < 0.05 && scores != exact)
        let sparse = try build("sparse") { $0.encoderBudget = .passages(80) }
        let coded = try byID(sparse)
        #expect(coded.values.count { !$0.isEmpty } == 80)
        let reader = try reader(sparse)
        let without = try (0..<Int32(reader.count)).filter { coded[try reader.id(of: PassageIndex($0))] == [] }
        let read = try interaction(sparse, Array(without.prefix(9)))
        #expect(read.scores == read.exact)
    }

    @Test("The same corpus gives the same codes; without the option there are none") func deterministic() throws {
        let (one, two) = (try build("one"), try build("two"))
        #expect(try byID(one) == byID(two))
        let kinds = [InteractionPart.kind]
        for kind in kinds {
            #expect(try reader(one).manifest.part(kind)?.sha256 == reader(two).manifest.part(kind)?.sha256)
        }
        let plain = try build("plain") { $0.tokenCodes = false }
        #expect(try reader(plain).manifest.part(InteractionPart.kind) == nil)
        #expect(try reader(plain).snapshot.segments.allSatisfy { !$0.has(TokenCodes.self) })
    }

    @Test("Codes follow their passages through additions, deletions and compactions") func living() throws {
        let place = try build("index", segmentTokens: 20_000)
        let before = try byID(place)
        let news = (0..<5).map { (id: "new\($0)", title: "Island \($0)", text: "Ferry \($0) is late. Gulls wait.") }
        let change = IndexChange(place, models: TinySample.models)
        _ = try change.add(try folder.corpus(news))
        let added = try byID(place)
        #expect(news.allSatisfy { added[$0.id]?.isEmpty == false })
        _ = try change.delete(ids: ["new3", "sourdough-starter"])
        _ = try change.compact(.all)
        let after = try byID(place)
        #expect(try reader(place).snapshot.segments.count < 4 && after["new3"] == nil)
        for (id, codes) in after { #expect(codes == before[id] ?? added[id]) }
        try reader(place).verify(isDeep: true)
    }

    @Test("Passages that are encoded later get their codes") func continued() throws {
        let place = try build("index") { $0.encoderBudget = .passages(50) }
        let before = try byID(place)
        var continuation = VectorContinuation(place, models: TinySample.models)
        (continuation.round, continuation.budget) = (40, .passages(90))
        _ = try continuation.run()
        let after = try byID(place)
        #expect(after.values.count { !$0.isEmpty } == 150)
        for (id, codes) in before where !codes.isEmpty { #expect(after[id] == codes) }
        try reader(place).verify(isDeep: true)
    }

    @Test("A generator with another head does not use the codes, and one that is gone leaves them") func heads() throws
    {
        let place = try build("index")
        func opened() throws -> Opened<InteractionReranker> {
            try InteractionReranker.open(reader(place), NoOptions())
        }
        #expect(try opened().uses == [InteractionPart.kind] && opened().notes.isEmpty)
        let other = try TinySample.generatorWithHead(URL(filePath: folder.path("other")), seed: 2)
        try TinySample.setGenerator(in: place, from: other)
        #expect(try opened().uses == [GeneratorPart.kind])
        #expect(try opened().notes.map(\.kind) == [.without(part: InteractionPart.kind, InteractionReranker.id)])
        #expect(!(try reader(place).interactsByCodes))
        // Its own states, read anew: those of the other head.
        let (scores, exact) = try interaction(place, [0, 1, 2])
        #expect(scores != exact)
        try TinySample.setGenerator(in: place, from: generator)
        #expect(try reader(place).interactsByCodes && opened().uses == [InteractionPart.kind])
        _ = try InstallableParts.remove(GeneratorPart.kind, from: URL(filePath: place))
        #expect(try reader(place).interactsByCodes)
        let engine = try TinySample.open(place)
        let ranked = try engine.rank("when does a sourdough starter smell", hits: 5)
        #expect(ranked.rerankedCount == 20 && ranked.hits[0].candidate.rerank?.scores?[InteractionReranker.id] != nil)
        #expect(ranked.hits[0].candidate.rerank?.scores?[LikelihoodReranker.id] == nil)
    }

    @Test("Codes without the encoder that reads questions rerank nothing, and the rest answers") func blind() throws {
        let place = try build("index")
        let nowhere = ModelCache(directory: URL(filePath: folder.path("no-models")))
        let ranked = try Engine.open(place, models: nowhere).rank("when does a sourdough starter smell", hits: 5)
        #expect(ranked.rerankedCount == 0 && ranked.hits.count == 5)
        #expect(ranked.notes.contains { $0.kind == .notReranked })
    }

    @Test("An index estimates what reranking by codes is worth when it is built") func estimated() throws {
        let place = try build("index") { $0.pseudoQueries = 30 }
        let estimate = try #require(try reader(place).manifest.estimates.first { $0.id == .rerank })
        #expect(estimate.inputs.contains { $0.kind == InteractionPart.kind } && estimate.queries > 10)
        let value = try estimate.value.decoded(as: RerankEstimate.self)
        #expect(value.weights.keys.sorted() == [InteractionReranker.id])
        #expect((value.depth == 0) == (value.weights[InteractionReranker.id] == 0))
        let ranked = try TinySample.open(place).rank("sourdough", hits: 5)
        #expect(ranked.rerankedCount == (value.depth == 0 ? 0 : 20))
    }

    @Test("Damaged files of codes are told") func damage() throws {
        let path = folder.path("codes.gnr")
        var writer = try TokenCodesWriter(
            ContainerWriter(path: path, kind: TokenCodes.fileKind), book: "abc", byteCount: 6, passages: 3, most: 5)
        let bytes = (0..<24).map { UInt8($0) }
        try bytes.withUnsafeBufferPointer { bytes in
            try writer.add(2, UnsafeBufferPointer(rebasing: bytes[..<12]))
            // There is no room for these.
            try writer.add(0, bytes)
            try writer.add(1, UnsafeBufferPointer(rebasing: bytes[..<18]))
        }
        try writer.finish()
        let good = try Container(path: path, kind: TokenCodes.fileKind)
        let codes = try TokenCodes(good)
        #expect(codes.book == "abc" && codes.count == 3 && codes.tokenCount == 5)
        #expect((0..<3).map { codes.tokens(of: $0) } == [0, 3, 2])
        #expect(try codes.withCodes(of: 0) { $0.isEmpty } && codes.withCodes(of: 1) { $0.count } == 18)
        try codes.check()
        func changed(_ section: String, _ change: (inout [UInt8]) -> Void) throws -> TokenCodes {
            try TokenCodes(
                ChangedContainer.write(
                    good, kind: TokenCodes.fileKind, to: folder.path("copy.gnr"), changing: section, change))
        }
        for (section, length) in [("codes", 1), ("sizes", 1), ("starts", 1), ("lengths", 2), ("starts", 8)] {
            #expect(throws: StorageError.self) { try changed("states.\(section)") { $0.removeLast(length) } }
        }
        #expect(throws: StorageError.self) { try changed("states.sizes") { $0[0] = 0 } }
        for (section, place) in [("starts", 8), ("starts", 15), ("lengths", 3)] {
            let bad = try changed("states.\(section)") { $0[place] = 0xFF }
            #expect(throws: StorageError.self) { try bad.withCodes(of: 1) { _ in } }
            #expect(throws: StorageError.self) { try bad.check() }
        }
    }
}
