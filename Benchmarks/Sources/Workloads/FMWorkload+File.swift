import Memory

// The file is a sequence of little-endian words of four bytes:
//
//   "genr" "fmw1"                    eight bytes that mark the format
//   tokens, document end, vocabulary
//   groups of prefixes, then for each: length L, count N, and N times L tokens
//   count N, then N rows
//   count N, then N passages
//   prefixes to take runs of rows from, most rows of a run
//   queries, steps, beams, candidates
//   count N of score vectors, then N times `vocabulary` scores (IEEE 754 single precision)

extension FMWorkload {
    /// "genr" and "fmw1" as little-endian words.
    private static let mark: [Int32] = [0x726E_6567, 0x3177_6D66]

    package func write(to path: String) throws {
        let writer = try WordWriter(path: path)
        try writer.write(Self.mark)
        for word in [tokenCount, Int(documentEnd), vocabulary, prefixes.count] { try writer.write(word) }
        for group in prefixes {
            try writer.write(group.length)
            try writer.write(group.count)
            try writer.write(group.tokens.toArray())
        }
        for list in [rows, passages] {
            try writer.write(list.count)
            try writer.write(list.toArray())
        }
        let numbers = [
            runPrefixes, runRows, search.queries, search.steps, search.beams, search.candidates, vectorCount,
        ]
        for number in numbers { try writer.write(number) }
        try scores.withUnsafeBuffer { scores in
            try scores.withMemoryRebound(to: Int32.self) { try writer.write($0) }
        }
        try writer.finish()
    }

    /// Maps a workload file.
    package init(path: String) throws {
        var words = try WordReader(path: path)
        guard try words.array(2).toArray() == Self.mark else {
            throw FileFault(path: path, reason: "not a workload")
        }
        tokenCount = try words.number()
        documentEnd = Int32(try words.number())
        vocabulary = try words.number()
        prefixes = []
        for _ in 0..<(try words.number()) {
            let length = max(try words.number(), 1)
            let count = try words.number()
            prefixes.append(Prefixes(length: length, tokens: try words.array(count * length)))
        }
        rows = try words.array(try words.number())
        passages = try words.array(try words.number())
        runPrefixes = try words.number()
        runRows = try words.number()
        search = Search(
            queries: try words.number(), steps: try words.number(), beams: try words.number(),
            candidates: try words.number())
        scores = try words.array(try words.number() * vocabulary)
    }
}

/// Takes a mapped file of words apart.
private struct WordReader {
    let path: String
    let bytes: FrozenArray<UInt8>
    var position = 0

    init(path: String) throws {
        self.path = path
        bytes = try MappedFile(path: path).bytes
    }

    mutating func array<Word: BitwiseCopyable & Sendable>(_ count: Int) throws -> FrozenArray<Word> {
        guard count <= (bytes.count - position) / 4,
            let words = bytes.slice(position..<position + 4 * count).elements(of: Word.self)
        else { throw FileFault(path: path, reason: "the workload is cut short") }
        position += 4 * count
        return words
    }

    mutating func number() throws -> Int {
        let words: FrozenArray<Int32> = try array(1)
        guard words[0] >= 0 else { throw FileFault(path: path, reason: "a number is negative") }
        return Int(words[0])
    }
}
