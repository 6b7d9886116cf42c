import Engine

extension FuzzTarget {
    /// Files of vectors that somebody else's encoder made.
    static let vectors: [FuzzTarget] = [
        file("npy", .bytes, "fuzz.npy", words: ["<f4", "<f2", ">f8", "True", "(2, 3)", "'shape': "], npySeeds),
        file(
            "vector-lines", .text, "fuzz.jsonl", words: [#""vector": ["#, #""id": "#, "1e39", "-0", "]"],
            [Array("{\"id\": \"a\", \"vector\": [1, -2.5]}\n{\"_id\": 7, \"vector\": [3e2, 0]}\n".utf8)]),
    ]

    private static func file(
        _ name: String, _ shape: Shape, _ file: String, words: [String], _ seeds: [[UInt8]]
    ) -> FuzzTarget {
        FuzzTarget(name, shape, words: words) { _ in
            seeds
        } reader: { world in
            let path = world.path(file)
            return { input in
                world.write(input, to: Array(path.utf8))
                let vectors = try ImportedVectors.read(path)
                for row in 0..<vectors.count { blackHole(vectors[row].count) }
            }
        }
    }

    /// Arrays of 2 × 3 ones, by type.
    private static var npySeeds: [[UInt8]] {
        let ones: [(String, [UInt8])] = [
            ("<f2", [0, 0x3c]), ("<f4", [0, 0, 0x80, 0x3f]), ("<f8", [0, 0, 0, 0, 0, 0, 0xf0, 0x3f]),
        ]
        return ones.map { type, one in
            let header = Array("{'descr': '\(type)', 'fortran_order': False, 'shape': (2, 3), }\n".utf8)
            return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.count), 0] + header
                + repeatElement(one, count: 6).joined()
        }
    }
}
