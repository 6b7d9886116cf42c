/// The tokens of a corpus while it is read: two bytes each as long as they fit, in pieces, so that
/// growing copies nothing.
struct TokenSpool {
    private enum Piece {
        case narrow([UInt16])
        case wide([Int32])
    }

    private static let pieceLength = 1 << 20
    private var pieces: [Piece] = []
    private var narrow: [UInt16] = []
    private var wide: [Int32] = []
    private(set) var count = 0
    /// counts[token]: how often each token occurs.
    private(set) var counts: [Int] = []

    /// - Precondition: `token` is not negative.
    @inline(__always)
    mutating func append(_ token: Int32) {
        precondition(token >= 0, "token ids are not negative")
        if Int(token) >= counts.count {
            counts.append(contentsOf: repeatElement(0, count: Int(token) + 1 - counts.count))
        }
        counts[Int(token)] += 1
        count += 1
        if wide.isEmpty, token <= Int32(UInt16.max) {
            if narrow.capacity == 0 { narrow.reserveCapacity(Self.pieceLength) }
            narrow.append(UInt16(token))
            if narrow.count == Self.pieceLength { close() }
        } else {
            if !narrow.isEmpty { close() }
            wide.append(token)
            if wide.count == Self.pieceLength { close() }
        }
    }

    private mutating func close() {
        if !narrow.isEmpty { pieces.append(.narrow(narrow)) }
        if !wide.isEmpty { pieces.append(.wide(wide)) }
        narrow = []
        wide = []
    }

    /// Visits all tokens in order and frees each piece once it has been read.
    mutating func drain(_ visit: (Int32) -> Void) {
        close()
        for index in pieces.indices {
            switch pieces[index] {
            case .narrow(let tokens): for token in tokens { visit(Int32(token)) }
            case .wide(let tokens): for token in tokens { visit(token) }
            }
            pieces[index] = .narrow([])
        }
        pieces = []
        count = 0
    }
}
