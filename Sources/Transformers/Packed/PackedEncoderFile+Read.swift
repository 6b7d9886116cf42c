import Memory

/// The parts of a packed encoder, each checked as it is read.
extension ByteCursor {
    /// A number of things, in `least...limit`.
    mutating func size(_ least: Int = 1, upTo limit: Int, _ what: String) throws(ModelError) -> Int {
        let value = Int(try integer(Int32.self))
        guard value >= least, value <= limit else { throw fault("\(value) \(what)") }
        return value
    }

    private mutating func float() throws(ModelError) -> Float {
        let value = Float(bitPattern: try integer(UInt32.self))
        guard value.isFinite else { throw fault("a number is infinite or none") }
        return value
    }

    /// The sizes of the network.
    mutating func sizes() throws(ModelError) -> PackedEncoderFile.Sizes {
        let sizes = PackedEncoderFile.Sizes(
            width: try size(upTo: 1 << 14, "components"), layers: try size(upTo: 1 << 10, "layers"),
            heads: try size(upTo: 1 << 10, "heads"), feedForwardWidth: try size(upTo: 1 << 16, "components"),
            vocabulary: try size(upTo: 1 << 22, "tokens"), positions: try size(upTo: 1 << 16, "positions"),
            segments: try size(upTo: 1 << 10, "segments"), epsilon: try float())
        let block = try integer(Int32.self)
        guard block == Int32(GGUFTensorType.q4_0.blockLength), sizes.width % Int(block) == 0,
            sizes.feedForwardWidth % Int(block) == 0
        else { throw fault("rows are no whole number of blocks of \(block)") }
        return sizes
    }

    /// The vocabulary, of at most so many pieces.
    mutating func vocabulary(
        in bytes: FrozenArray<UInt8>, upTo limit: Int
    ) throws(ModelError) -> PackedEncoderFile.Vocabulary {
        var vocabulary = PackedEncoderFile.Vocabulary()
        let count = try size(upTo: min(limit, remaining / 8), "pieces")
        func special() throws(ModelError) -> Int { try size(0, upTo: count - 1, "is no piece") }
        vocabulary.beginning = try special()
        vocabulary.end = try special()
        vocabulary.padding = try special()
        vocabulary.unknown = try special()
        let length = try self.count(of: 1, upTo: remaining, "bytes of pieces")
        var ends: [Int] = []
        for _ in 0...count { ends.append(Int(try integer(UInt32.self))) }
        for _ in 0..<count { vocabulary.scores.append(try float()) }
        let start = position
        try skip(length)
        guard ends.first == 0, ends.last == length, zip(ends, ends.dropFirst()).allSatisfy({ $0 < $1 }) else {
            throw fault("the pieces do not lie one after the other")
        }
        vocabulary.pieces = bytes.withUnsafeBuffer { buffer in
            (0..<count).compactMap { piece in
                let range = start + ends[piece]..<start + ends[piece + 1]
                return String(validating: UnsafeBufferPointer(rebasing: buffer[range]), as: UTF8.self)
            }
        }
        guard vocabulary.pieces.count == count else { throw fault("a piece is not UTF-8") }
        return vocabulary
    }

    /// A tensor's description, whose bytes lie in the file.
    mutating func tensor() throws(ModelError) -> (String, PackedEncoderFile.Tensor) {
        let name = try text(length: Int(try integer(UInt16.self)))
        let kind = try integer(UInt8.self)
        let count = Int(try integer(UInt32.self))
        let (start, length) = (try integer(UInt64.self), try integer(UInt64.self))
        guard kind <= 1 else { throw fault("the tensor \(name) is of the kind \(kind)") }
        let type = kind == 1 ? GGUFTensorType.q4_0 : .float32
        guard count % type.blockLength == 0, length == UInt64(count / type.blockLength * type.blockSize),
            start <= UInt64(bytes.count), length <= UInt64(bytes.count) - start
        else { throw fault("the tensor \(name) lies at an impossible place") }
        return (name, .init(isPacked: kind == 1, count: count, range: Int(start)..<Int(start + length)))
    }
}
