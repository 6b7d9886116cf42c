import Decoding
import Docids
import Engine
import FMIndex
import Foundation
import IndexStore
import Memory
import Ranking
import Search
import Storage
import Tensors

extension FuzzTarget {
    /// The structures of an index by themselves: with right checksums, and used as searches use them.
    static let structures: [FuzzTarget] = [
        FuzzTarget("fm-fast", .container) { _ in
            [try StructureSamples.fmIndex(.fast)]
        } reader: { _ in
            useFMIndex
        },
        FuzzTarget("fm-compact", .container) { _ in
            [try StructureSamples.fmIndex(.compact)]
        } reader: { _ in
            useFMIndex
        },
        structure("passages", PassageStore.fileKind) { world in
            try StructureSamples.passages(world.path("seed.gnr"))
        } use: { container in
            let store = try PassageStore(container)
            for place in 0..<min(store.ids.count, 40) {
                let id = store.ids[place]
                blackHole(store.ids.index(of: id))
                blackHole(try store.texts.passage(place))
            }
            for id in ["p1", "p11x", "", "zz"] { blackHole(store.ids.index(of: id)) }
        },
        structure("terms", SparseIndex.fileKind) { world in
            try StructureSamples.terms(world.path("seed.gnr"))
        } use: { container in
            let index = try SparseIndex(container)
            for query in ["river bends", "glass 3", "title sand sourdough rises", "nothing"] {
                blackHole(index.search(query, k: 5))
            }
            blackHole(index.documentFrequency(of: "river"))
        },
        structure("vectors", DenseIndex.fileKind) { world in
            let path = world.path("seed.gnr")
            try DenseIndex(vectors: StructureSamples.vectors, dimension: 4)
                .write(to: ContainerWriter(path: path, kind: DenseIndex.fileKind))
            return world.read(path)
        } use: { container in
            let index = try DenseIndex(container)
            let query = [Float](repeating: 0.5, count: index.dimension)
            use(index, query)
        },
        structure("vector-codes", DenseIndex.fileKind) { world in
            let path = world.path("seed.gnr")
            try DenseIndex(
                codes: LeafCodesBuilder(fanout: 3, leafSize: 2, threads: 1)
                    .build(vectors: StructureSamples.vectors, dimension: 4)
            ).write(to: ContainerWriter(path: path, kind: DenseIndex.fileKind))
            return world.read(path)
        } use: { container in
            let index = try DenseIndex(container)
            guard index.dimension <= 64, index.count <= 1000 else { return }
            let query = [Float](repeating: 0.5, count: index.dimension)
            use(index, query)
            guard let codes = index.codes else { return }
            let search = DocidSearch(codes: codes)
            blackHole(search.search(query, k: 5).passages.count)
            for document in 0..<Int32(min(index.count, 20)) {
                blackHole(codes.document(of: codes.docid(of: document)))
                blackHole(search.path(of: document, query: query).count)
            }
        },
        structure("sentences", SentenceCodes.fileKind) { world in
            try StructureSamples.sentences(world.path("seed.gnr"))
        } use: { container in
            let sentences = try SentenceCodes(container)
            guard sentences.dimension <= 64, sentences.owners.count <= 1000 else { return }
            let search = SentenceDocidSearch(sentences)
            let query = SentenceDocidSearch.Query(vector: [Float](repeating: 0.5, count: sentences.dimension))
            blackHole(search.search(query, k: 5, beams: 3).passages.count)
            let path = search.paths(query, inverseTemperature: 20)
            for passage in 0..<Int32(min(sentences.count, 20)) { blackHole(path(passage).steps.count) }
        },
        structure("token-codes", TokenCodes.fileKind) { world in
            try StructureSamples.tokenCodes(world.path("seed.gnr"))
        } use: { container in
            let codes = try TokenCodes(container)
            for passage in 0..<Int32(min(codes.count, 20)) {
                blackHole(codes.tokens(of: passage))
                try codes.withCodes(of: passage) { blackHole($0.reduce(0) { $0 &+ Int($1) }) }
            }
        },
        structure("docids", SegmentDocids.fileKind) { world in
            try StructureSamples.docids(world.path("seed.gnr"))
        } use: { container in
            let docids = try SegmentDocids(container)
            let count = docids.passageCount
            for document in 0..<Int32(min(count, 20)) {
                if let tree = docids.tree { blackHole(tree.document(of: tree.docid(of: document))) }
                if let trie = docids.quantised?.trie {
                    blackHole(trie.node(of: trie.codes(of: document)))
                    blackHole(
                        docids.quantised?.quantiser.reconstruct(
                            trie.codes(of: document).map { UInt16(truncatingIfNeeded: $0) }))
                }
            }
            guard let dimension = docids.tree?.dimension ?? docids.quantised?.quantiser.dimension else { return }
            guard dimension <= 64, count <= 1000 else { return }
            let dense = DenseIndex(
                vectors: FrozenArray([Float](repeating: 0.3, count: count * dimension)), dimension: dimension)
            let query = [Float](repeating: 0.5, count: dimension)
            var searches = docids.tree.map { [DocidSearch(tree: $0, dense: dense)] } ?? []
            if let own = docids.quantised {
                searches.append(DocidSearch(trie: own.trie, quantiser: own.quantiser, dense: dense))
            }
            for search in searches {
                blackHole(search.search(query, k: 5).passages.count)
                if count > 0 { blackHole(search.path(of: 0, query: query)) }
            }
        },
        structure("deleted", DeletedPlaces.fileKind) { world in
            let path = world.path("seed.gnr")
            try DeletedPlaces.write([1, 5, 9], to: ContainerWriter(path: path, kind: DeletedPlaces.fileKind))
            return world.read(path)
        } use: {
            blackHole(try DeletedPlaces($0).places.count)
        },
        structure("origins", PassageOrigins.fileKind) { world in
            let path = world.path("seed.gnr")
            try PassageOrigins.write(
                [[.init(segment: "a", place: 3)], [], [.init(segment: "b", place: 0), .init(segment: "a", place: 4)]],
                to: ContainerWriter(path: path, kind: PassageOrigins.fileKind))
            return world.read(path)
        } use: {
            try PassageOrigins($0).forEach { blackHole(Int64($0) + Int64($1.place)) }
        },
        structure("queries", PassageQueries.fileKind) { world in
            let path = world.path("seed.gnr")
            let items = (0..<9).map { (number: Int) -> PassageQueries.Item in
                .init(document: Int32(number / 2), text: "query \(number) où", rank: number == 3 ? nil : number + 1)
            }
            try PassageQueries.write(
                items, to: ContainerWriter(path: path, kind: PassageQueries.fileKind))
            return world.read(path)
        } use: { container in
            let queries = try PassageQueries(container, documentCount: 20)
            for place in 0..<min(queries.count, 40) { blackHole(try queries.item(place)) }
            for document: Int32 in [0, 4, 19, .max] { blackHole(queries.places(of: document)) }
        },
        structure("entries", StoredEntries.fileKind) { world in
            try StructureSamples.entries(world.path("seed.gnr"))
        } use: { container in
            let stored = try StoredEntries(container)
            for passage: Int32 in [0, 3, .max - 1] { blackHole(stored.entries.entries(of: passage)) }
            guard let tree = stored.tree, tree.dimension <= 64 else { return }
            let search = EntryDocidSearch(tree: tree, entries: stored.entries)
            guard search.depth < 100 else { return }
            let vectors = Matrix(rows: search.depth + 1, columns: tree.dimension)
            blackHole(search.search(.init(vectors: vectors), k: 5).passages.count)
            if stored.entries.passageCount > 0 {
                blackHole(search.paths(of: [PassageIndex(0)], query: .init(vectors: vectors)))
            }
        },
        structure("sequences", StoredSequences.fileKind) { world in
            let path = world.path("seed.gnr")
            let docids = (Int32(0)..<9).map { (number: Int32) -> [Int32] in [number / 3, 3 + number % 3, 6 + number] }
            let search = SequenceDocidSearch(docids)
            try StoredSequences(search: search, fingerprint: "x").write(to: path)
            return world.read(path)
        } use: { container in
            let search = try StoredSequences(container).search
            for passage in 0..<min(search.passages.count, 20) {
                let docid = search.docid(of: PassageIndex(passage))
                var state: TokenTrie.State? = search.trie.initialState
                for token in docid { state = state.flatMap { search.trie.advance($0, by: token) } }
                blackHole(state.map { search.trie.isComplete($0) })
            }
            search.trie.forEachAllowed(in: search.trie.initialState) { blackHole($0 &+ Int32($1.sequences.count)) }
        },
    ]

    /// Compares a query with all vectors.
    private static func use(_ index: DenseIndex, _ query: [Float]) {
        let asked = index.query(query)
        blackHole(asked.best(3).count)
        blackHole(asked.best(index.count, threads: 2).count)
        if index.count > 0 { blackHole(asked.similarity(Int32(index.count - 1))) }
        blackHole(index.floats(threads: 1).count)
    }

    private static func structure(
        _ name: String, _ kind: String, seed: @escaping @Sendable (FuzzWorld) throws -> [UInt8],
        use: @escaping @Sendable (Container) throws -> Void
    ) -> FuzzTarget {
        FuzzTarget(name, .container) { world in
            [try seed(world)]
        } reader: { world in
            let path = world.path("\(name).gnr")
            return { input in
                world.write(input, to: Array(path.utf8))
                try use(Container(path: path, kind: kind))
            }
        }
    }

    private static func useFMIndex(_ input: [UInt8]) throws {
        guard let image = ContainerImage(input) else { return }
        let index = try FMIndex(GuardedSections(image))
        let next = index.continuations(of: index.all)
        for item in next.prefix(6) {
            let rows = index.extend(index.all, by: item.token)
            for longer in index.continuations(of: rows).prefix(4) { blackHole(index.extend(rows, by: longer.token)) }
            blackHole(index.topTokens(of: rows, 5))
            blackHole(index.topContinuations(of: rows, 5))
            for row in (rows.low..<max(rows.low, rows.high)).prefix(6) {
                blackHole(index.locate(row: row, length: 1))
                blackHole(index.document(row: row))
            }
        }
        var rows = Array(repeating: index.all, count: min(8, next.count))
        let tokens = next.prefix(rows.count).map(\.token)
        for _ in 0..<3 { index.extend(&rows, by: tokens) }
        for document in 0..<min(index.documentCount, 8) {
            blackHole(index.extract(document))
            blackHole(index.length(of: document))
        }
        blackHole(index.rows(of: [70, 5, 5]))
        blackHole(index.documentStarts)
    }
}
