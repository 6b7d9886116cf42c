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
