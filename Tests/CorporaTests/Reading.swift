import Corpora

/// Reads a whole corpus.
func readAll(
    _ path: String, _ options: CorpusOptions = CorpusOptions(), chunkSize: Int = 1 << 20
) throws -> (passages: [Passage], report: CorpusReport, format: CorpusFormat) {
    var reader = try CorpusReader(path: path, options: options, chunkSize: chunkSize)
    var passages: [Passage] = []
    while let passage = try reader.next() { passages.append(passage) }
    return (passages, reader.report, reader.format)
}

/// A small generator whose numbers are the same on every machine.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = (state ^ state >> 30) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
        return mixed ^ mixed >> 31
    }
}
