/// The plain-array model of the FM-index: passages as token lists, every answer by a scan.
package struct NaiveTextIndex: Sendable {
    package let documents: [[Int32]]
    private let documentEnd: Int32
    /// All passages in reading order, framed by document ends as the index frames them.
    private let text: [Int32]

    /// `documents` are complete token lists that end with `documentEnd`.
    package init(documents: [[Int32]], documentEnd: Int32) {
        self.documents = documents
        self.documentEnd = documentEnd
        text = documents.flatMap { $0 }
    }

    /// Every occurrence: the passage and the offset of its first token, -1 for a leading end.
    ///
    /// In the index the passages stand in reverse order of reading, so that the document end before
    /// a passage is that of the *next* passage or the closing one; a sequence may run from a
    /// document end into a passage, but a document end inside runs into the passage before.
    package func occurrences(of sequence: [Int32]) -> [(document: Int, offset: Int)] {
        guard !sequence.isEmpty else { return [] }
        var found: [(document: Int, offset: Int)] = []
        // Reading order of the reversed text: end, then the passages from last to first.
        var reading: [(token: Int32, document: Int, offset: Int)] = [(documentEnd, documents.count, 0)]
        for document in documents.indices.reversed() {
            for (offset, token) in documents[document].enumerated() {
                reading.append((token, document, offset))
            }
        }
        guard sequence.count <= reading.count else { return [] }
        for start in 0...(reading.count - sequence.count)
        where (0..<sequence.count).allSatisfy({ reading[start + $0].token == sequence[$0] }) {
            let end = reading[start + sequence.count - 1]
            found.append((end.document, end.offset - sequence.count + 1))
        }
        return found
    }

    package func count(of sequence: [Int32]) -> Int {
        sequence.isEmpty ? text.count + 2 : occurrences(of: sequence).count
    }

    /// The tokens that may follow, with counts.
    package func continuations(of sequence: [Int32]) -> [Int32: Int] {
        var result: [Int32: Int] = [:]
        for token in Set(text + [documentEnd]) {
            let count = occurrences(of: sequence + [token]).count
            if count > 0 { result[token] = count }
        }
        return result
    }
}
