/// What became of bytes that were written and not synced when the machine stopped. Counts are of the write's
/// own bytes.
enum WriteFate: Hashable {
    case applied
    case lost
    /// The first bytes are there; the file is not longer for the rest.
    case cut(Int)
    /// The first bytes are there, and the file has its length; the rest was never put down.
    case headOnly(Int)
    /// The file has its length; the first bytes were never put down, the rest was.
    case tailOnly(Int)

    /// All ways in which a write is torn at the borders of the disk's blocks.
    ///
    /// Of a long write not all borders are taken, but the first, the middle and the last of each block size.
    static func torn(_ count: Int, at offset: Int) -> [WriteFate] {
        guard count > 0 else { return [] }
        var cuts: Set<Int> = []
        for block in [512, 4096] {
            let first = block - offset % block
            guard first < count else { continue }
            let last = first + (count - 1 - first) / block * block
            let middle = first + (last - first) / block / 2 * block
            cuts.formUnion([first, middle, last])
        }
        return [.headOnly(0)] + cuts.sorted().flatMap { [.cut($0), .headOnly($0), .tailOnly($0)] }
    }

    /// Puts into a file what is left of a write.
    func apply(_ bytes: [UInt8], at offset: Int, to file: inout [UInt8]) {
        let kept: Range<Int>
        var length = offset + bytes.count
        switch self {
        case .applied: kept = 0..<bytes.count
        case .lost: return
        case .cut(let count):
            kept = 0..<count
            length = offset + count
        case .headOnly(let count): kept = 0..<count
        case .tailOnly(let count): kept = count..<bytes.count
        }
        guard !bytes.isEmpty else { return }
        if file.count < length { file.append(contentsOf: repeatElement(0, count: length - file.count)) }
        file.replaceSubrange(offset + kept.lowerBound..<offset + kept.upperBound, with: bytes[kept])
    }
}

/// A change of names in one folder that is made in one step: a name that is given, changed or taken away.
///
/// A rename within a folder is one effect, one across folders is two that may be lost apart.
struct NameEffect {
    /// The folder's node.
    let folder: Int
    /// Which node each name stands for then; nil where the name is gone.
    let changes: [(name: String, node: Int?)]
    let label: String
}

/// Bytes that a file is given.
struct WriteEffect {
    /// The file's node.
    let file: Int
    let bytes: [UInt8]
    let offset: Int
    let label: String
}

/// Which effects are on the disk after a crash.
struct CrashChoice {
    /// One for each effect on names.
    var names: [Bool]
    /// One for each write.
    var writes: [WriteFate]
}
