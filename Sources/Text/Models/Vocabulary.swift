import Storage

/// The tokens of a model and their numbers, both ways.
struct Vocabulary: Sendable {
    private var table: ByteTable
    /// Table number → token id and back; ids may have gaps, which are -1.
    private var ids: [Int32] = []
    private var numbers: [Int32] = []
    /// Tokens that share their spelling with a later one, which has the name.
    private(set) var namesakes: [Int32] = []

    /// Reads the `vocab` object of a model section.
    init(json: JSONValue?) throws(TokenizerError) {
        guard let members = json?.members else {
            throw .malformed("model.vocab must be an object of tokens and numbers")
        }
        guard !members.isEmpty else { throw .malformed("model.vocab is empty") }
        // Gaps are legal but a hostile number must not make the tables huge.
        let limit = members.count * 2 + 65_536
        table = ByteTable(minimumCapacity: members.count)
        ids.reserveCapacity(members.count)
        for member in members {
            guard let id = member.value.int, id >= 0, id < limit else {
                throw .malformed("model.vocab: token \"\(member.key)\" has no number in 0..<\(limit)")
            }
            try insert(member.key, id: id)
        }
    }

    /// Pieces numbered in order; of equal ones the last has the name.
    init(pieces: [String]) throws(TokenizerError) {
        guard pieces.count < Int(Int32.max) else { throw .malformed("model.vocab is too long") }
        table = ByteTable(minimumCapacity: pieces.count)
        for (id, piece) in pieces.enumerated() {
            var piece = piece
            let (number, isNew) = piece.withUTF8 { table.insert($0) }
            if isNew {
                ids.append(Int32(id))
            } else {
                namesakes.append(ids[number])
                ids[number] = Int32(id)
            }
            numbers.append(Int32(number))
        }
    }

    private mutating func insert(_ token: String, id: Int) throws(TokenizerError) {
        var token = token
        let (_, isNew) = token.withUTF8 { table.insert($0) }
        guard isNew else { throw .malformed("token \"\(token)\" occurs twice") }
        ids.append(Int32(id))
        while numbers.count <= id { numbers.append(-1) }
        guard numbers[id] < 0 else { throw .malformed("two tokens have the number \(id)") }
        numbers[id] = Int32(table.count - 1)
    }

    /// Adds a token that the model section does not list; a token it does list keeps its number.
    mutating func add(_ token: String, id: Int) throws(TokenizerError) -> Int32 {
        if let known = self.id(of: token) { return known }
        guard id >= 0, id < numbers.count + 65_536 else {
            throw .malformed("added token \"\(token)\" has the impossible number \(id)")
        }
        try insert(token, id: id)
        return Int32(id)
    }

    /// One more than the largest token number.
    var size: Int { numbers.count }

    var longestToken: Int { table.longest }

    func id(of token: String) -> Int32? {
        var token = token
        return token.withUTF8 { table.find($0) }.map { ids[$0] }
    }

    @inline(__always)
    func id(of bytes: UnsafeBufferPointer<UInt8>, hash: UInt64) -> Int32? {
        table.find(bytes, hash: hash).map { ids[$0] }
    }

    /// The token's bytes; nil for a number that no token has.
    func bytes(of id: Int32) -> ArraySlice<UInt8>? {
        guard id >= 0, id < numbers.count, numbers[Int(id)] >= 0 else { return nil }
        return table.bytes(Int(numbers[Int(id)]))
    }

    func token(_ id: Int32) -> String? {
        bytes(of: id).map { String(decoding: $0, as: UTF8.self) }
    }
}
