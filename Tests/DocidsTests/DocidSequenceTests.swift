import Docids
import Memory
import TestSupport
import Testing

@Suite struct DocidSequenceTests {
    private func build(_ scheme: DocidScheme, _ vectors: FrozenArray<Float>, threads: Int = 2) -> DocidSequences {
        var builder = DocidSkeletonBuilder()
        builder.scheme = scheme
        (builder.fanout, builder.leafSize, builder.codewords, builder.levels) = (4, 12, 6, 3)
        builder.threads = threads
        return builder.sequences(vectors: vectors, dimension: 8)
    }

    @Test("No docid is another's or begins one, and tokens are in the vocabulary", arguments: DocidScheme.sequential)
    func prefixFree(scheme: DocidScheme) {
        for vectors in [
            Vectors.clustered(300, dimension: 8), Vectors.equal(40, dimension: 8), Vectors.clustered(1, dimension: 8),
            Vectors.clustered(0, dimension: 8),
        ] {
            let docids = build(scheme, vectors)
            #expect(docids.sequences.count == vectors.count / 8)
            #expect(
                docids.sequences.allSatisfy {
                    !$0.isEmpty && $0.allSatisfy { $0 >= 0 && Int($0) < docids.vocabularySize }
                })
            let sorted = docids.sequences.sorted { $0.lexicographicallyPrecedes($1) }
            for (one, next) in zip(sorted, sorted.dropFirst()) { #expect(!next.starts(with: one)) }
            #expect(docids.sequences == build(scheme, vectors, threads: 4).sequences)
        }
    }

    @Test("A number's digits") func naive() {
        let docids = build(.naive, Vectors.clustered(300, dimension: 8))
        #expect(docids.sequences[0] == [0, 0, 0] && docids.sequences[207] == [2, 0, 7])
    }

    @Test(
        "Neighbours share their first tokens", arguments: [DocidScheme.semantic, .position, .pawa, .rqCodes, .pqCodes])
    func shared(scheme: DocidScheme) {
        // Every twentieth vector is near the same direction.
        let docids = build(scheme, Vectors.clustered(400, dimension: 8)).sequences
        func agreement(_ step: Int) -> Double {
            let pairs = (0..<200).map { docids[$0].first == docids[$0 + step].first ? 1.0 : 0 }
            return pairs.reduce(0, +) / 200
        }
        #expect(agreement(20) > agreement(7) + 0.3)
    }
}
