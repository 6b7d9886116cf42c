/// The memory of an encoder's vocabulary beyond what the usual encoder's takes, with which the constants of forecasts and budgets
/// were measured: embeddings in single precision, and its part of a `tokenizer.json` while that is read.
enum VocabularyMemory {
    private static let usualSize = 32_768
    private static let readingBytes = 2_048

    static func beyondUsual(vocabularySize: Int, dimension: Int) -> Int {
        dimension == 0 ? 0 : max(0, vocabularySize - usualSize) * (dimension * 4 + readingBytes)
    }
}
