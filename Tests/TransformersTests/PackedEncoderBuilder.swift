import Memory
import TestSupport
import Transformers

/// A small packed encoder, of which each field can be changed.
struct PackedEncoderBuilder {
    var version: UInt32 = 1
    /// Width, layers, heads, feed-forward width, vocabulary, positions, segments.
    var sizes: [Int32] = [32, 1, 2, 64, 12, 16, 2]
    var epsilon: Float = 1e-12
    var block: Int32 = 32
    var pieces = ["<s>", "<pad>", "</s>", "<unk>", "▁a", "b", "▁", "c", "▁query:", "▁～", "<mask>"].map {
        Array($0.utf8)
    }
    var scores: [Float] = [0, 0, 0, 0, -1, -2, -3, -2.5, -4, -5, 0]
    /// Beginning, end, padding, unknown.
    var special: [Int32] = [0, 2, 1, 3]
    /// The bytes of all pieces; nil: as many as there are.
    var pieceBytes: UInt64?
    var mapBytes: UInt32?
    var tensorCount: Int32?
    /// What is changed of each tensor's description.
    var change: (inout Tensor) -> Void = { _ in }

    struct Tensor {
        var name: String
        var kind: UInt8
        var count: UInt32
        var place: UInt64
        var length: UInt64
    }

    static func little<T: FixedWidthInteger>(_ value: T) -> [UInt8] {
        withUnsafeBytes(of: value.littleEndian) { Array($0) }
    }

    /// Tensors by name, blocks or floats, with their elements.
    private var tensors: [(name: String, isPacked: Bool, count: Int)] {
        let (d, f) = (32, 64)
        var all = [
            ("emb.word", true, 12 * d), ("emb.pos", false, 16 * d), ("emb.type", false, 2 * d), ("emb.ln.w", false, d),
            ("emb.ln.b", false, d),
        ]
        for name in ["q", "k", "v", "ao"] { all += [("l0.\(name).w", true, d * d), ("l0.\(name).b", false, d)] }
        all += [("l0.fi.w", true, f * d), ("l0.fi.b", false, f), ("l0.fo.w", true, d * f), ("l0.fo.b", false, d)]
        for name in ["aln", "oln"] { all += [("l0.\(name).w", false, d), ("l0.\(name).b", false, d)] }
        return all
    }

    /// The bytes of the file, the same at every call.
    var bytes: [UInt8] {
        var random = SeededGenerator(seed: 9)
        var head = Array("E5S1".utf8) + Self.little(version)
        for size in sizes { head += Self.little(size) }
        head += Self.little(epsilon.bitPattern) + Self.little(block) + Self.little(Int32(pieces.count))
        for id in special { head += Self.little(id) }
        let length = pieces.reduce(0) { $0 + $1.count }
        head += Self.little(pieceBytes ?? UInt64(length))
        var end = 0
        for piece in pieces {
            head += Self.little(UInt32(end))
            end += piece.count
        }
        head += Self.little(UInt32(end))
        for score in scores { head += Self.little(score.bitPattern) }
        head += pieces.flatMap(\.self)
        // One character that stands for another.
        head += Self.little(Int32(1)) + Self.little(mapBytes ?? 9)
        head += Self.little(UInt32(0xA0)) + [1] + Self.little(UInt32(0x20))
        head += Self.little(tensorCount ?? Int32(tensors.count))
        var table: [UInt8] = []
        var body: [UInt8] = []
        let tableSize = tensors.reduce(0) { $0 + 2 + $1.name.utf8.count + 21 }
        let start = (head.count + tableSize + 63) / 64 * 64
        for (name, isPacked, count) in tensors {
            var data: [UInt8] = []
            if isPacked {
                for _ in 0..<count / 32 {
                    data += Self.little(Float16(Float.random(in: 0.01...0.05, using: &random)).bitPattern)
                    for _ in 0..<16 { data.append(UInt8.random(in: 0...255, using: &random)) }
                }
            } else {
                for _ in 0..<count { data += Self.little(Float.random(in: -1...1, using: &random).bitPattern) }
            }
            var tensor = Tensor(
                name: name, kind: isPacked ? 1 : 0, count: UInt32(count), place: UInt64(start + body.count),
                length: UInt64(data.count))
            change(&tensor)
            table += Self.little(UInt16(tensor.name.utf8.count)) + Array(tensor.name.utf8) + [tensor.kind]
            table += Self.little(tensor.count) + Self.little(tensor.place) + Self.little(tensor.length)
            body += data + [UInt8](repeating: 0, count: -data.count & 63)
        }
        head += table
        return head + [UInt8](repeating: 0, count: max(0, start - head.count)) + body
    }

    func open() throws -> PackedEncoderFile { try PackedEncoderFile(bytes: FrozenArray(bytes), path: "test.bin") }
}
