import Storage

extension BPE {
    /// Reads the `merges` list: "a b" or ["a", "b"], most frequent first.
    static func merges(
        _ json: JSONValue?, _ vocabulary: Vocabulary, prefixLength: Int
    ) throws(TokenizerError) -> MergeTable {
        guard let entries = json?.array else { throw .malformed("model.merges must be a list") }
        guard entries.count < Int(UInt32.max) else { throw .malformed("too many merges") }
        var table = MergeTable(capacity: entries.count)
        var joined: [UInt8] = []
        for (rank, entry) in entries.enumerated() {
            let (left, right) = try pair(entry, rank)
            guard let leftID = vocabulary.id(of: left), let rightID = vocabulary.id(of: right) else {
                throw .malformed("merge \(rank) names a token that is not in model.vocab")
            }
            guard right.utf8.count >= prefixLength else {
                throw .malformed("merge \(rank) is shorter than the prefix of its second token")
            }
            joined.removeAll(keepingCapacity: true)
            joined.append(contentsOf: left.utf8)
            joined.append(contentsOf: right.utf8.dropFirst(prefixLength))
            let token = joined.withUnsafeBufferPointer {
                vocabulary.id(of: $0, hash: ByteTable.hash($0))
            }
            guard let token else {
                throw .malformed("merge \(rank) makes a token that is not in model.vocab")
            }
            table.set(leftID, rightID, rank: rank, token: token)
        }
        return table
    }

    private static func pair(
        _ entry: JSONValue, _ rank: Int
    ) throws(TokenizerError) -> (left: String, right: String) {
        if let text = entry.string {
            let parts = text.utf8.split(
                separator: UInt8(ascii: " "), maxSplits: 2, omittingEmptySubsequences: false)
            if parts.count == 2, let left = String(parts[0]), let right = String(parts[1]) {
                return (left, right)
            }
        } else if let parts = entry.array, parts.count == 2, let left = parts[0].string,
            let right = parts[1].string
        {
            return (left, right)
        }
        throw .malformed("merge \(rank) is not a pair of tokens")
    }
}
