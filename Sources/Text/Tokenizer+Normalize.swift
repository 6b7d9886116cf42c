extension Tokenizer {
    /// A text as the normaliser leaves it: with BERT's uncased models in lower case and without accents.
    package func normalize(_ text: String) -> String {
        var text = text
        return text.withUTF8 { bytes in
            var normalized = NormalizedText()
            var scratch = Normalizer.Scratch()
            normalizer.normalize(bytes, 0..<bytes.count, into: &normalized, &scratch)
            return String(decoding: normalized.bytes, as: UTF8.self)
        }
    }
}
