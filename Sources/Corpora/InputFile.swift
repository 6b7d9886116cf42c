import Foundation

/// A file as the operating system knows it, by the bytes of its path, or what a pipe left behind.
struct InputFile: Sendable {
    private enum Place: Sendable {
        case path([UInt8])
        case spool(Spool)
        case member([UInt8], ArchiveMember.Place)
    }

    /// The path as people read it: bytes that are no UTF-8 stand as `\xE9`.
    let shown: String
    private let place: Place

    init(path: String) {
        shown = path
        place = .path(Array(path.utf8))
    }

    init(pathBytes: [UInt8]) {
        shown = FileName.shown(pathBytes)
        place = .path(pathBytes)
    }

    init(spool: Spool, shown: String) {
        self.shown = shown
        place = .spool(spool)
    }

    /// What an archive holds, which is read out of it each time it is opened.
    init(member: ArchiveMember, of archive: String) {
        shown = "\(archive)/\(member.name)"
        place = .member(Array(archive.utf8), member.place)
    }

    /// The bytes that count of the decompressed stream; nil for all of them.
    var window: Range<Int>? {
        if case .member(_, .unpacked(let range)) = place { range } else { nil }
    }

    /// Bytes as stored, 0 where they cannot be asked.
    var byteCount: Int {
        switch place {
        case .spool(let spool): return spool.byteCount
        case .member(_, .stored(let range)), .member(_, .deflated(let range, _, _)),
            .member(_, .unpacked(let range)):
            return range.count
        case .path(let bytes):
            var status = stat()
            return PathBytes.withPointer(to: bytes) { stat($0, &status) } == 0 ? Int(status.st_size) : 0
        }
    }

    /// Opens the file; the descriptor is the caller's to close.
    func open() throws(CorpusError) -> OpenFile {
        switch place {
        case .spool(let spool): return OpenFile(spool: spool)
        case .path(let bytes), .member(let bytes, .unpacked): return OpenFile(descriptor: try descriptor(bytes))
        case .member(let bytes, .stored(let range)): return OpenFile(descriptor: try descriptor(bytes), range: range)
        case .member(let bytes, .deflated(let range, let checksum, let size)):
            return OpenFile(
                descriptor: try descriptor(bytes), range: range, head: ArchiveMember.gzipHead,
                tail: ArchiveMember.gzipTail(checksum: checksum, size: size))
        }
    }

    private func descriptor(_ path: [UInt8]) throws(CorpusError) -> Int32 {
        let descriptor = PathBytes.withPointer(to: path) { Foundation.open($0, O_RDONLY | O_CLOEXEC) }
        guard descriptor >= 0 else {
            if errno == ENOENT { throw .notFound(path: shown) }
            throw .unreadable(path: shown, reason: String(cString: strerror(errno)))
        }
        return descriptor
    }
}

/// An open file that is read from its start; a spool is shared, each reader with a place of its own.
final class OpenFile {
    let byteCount: Int
    private let descriptor: Int32
    private let spool: Spool?
    private var offset = 0
    /// Where reading ends; nil at the end of the file, whose size a pipe does not know.
    private var end: Int?
    /// Bytes that are read before and after those of the file.
    private var head: ArraySlice<UInt8> = []
    private var tail: ArraySlice<UInt8> = []

    init(descriptor: Int32) {
        self.descriptor = descriptor
        spool = nil
        var status = stat()
        byteCount = fstat(descriptor, &status) == 0 ? Int(status.st_size) : 0
    }

    /// Some of a file's bytes, between others.
    init(descriptor: Int32, range: Range<Int>, head: [UInt8] = [], tail: [UInt8] = []) {
        self.descriptor = descriptor
        spool = nil
        byteCount = range.count
        (offset, end) = (range.lowerBound, range.upperBound)
        (self.head, self.tail) = (head[...], tail[...])
    }

    init(spool: Spool) {
        descriptor = spool.descriptor
        self.spool = spool
        byteCount = spool.byteCount
    }

    deinit { if spool == nil { close(descriptor) } }

    /// As read(2): the bytes got, 0 at the end, less than 0 for an error.
    func read(_ target: UnsafeMutableRawPointer?, _ count: Int) -> Int {
        guard spool != nil || end != nil else { return Foundation.read(descriptor, target, count) }
        if !head.isEmpty { return Self.take(&head, target, count) }
        let wanted = min(count, (end ?? .max) - offset)
        guard wanted > 0 else { return Self.take(&tail, target, count) }
        let got = pread(descriptor, target, wanted, off_t(offset))
        if got > 0 { offset += got }
        return got
    }

    private static func take(_ bytes: inout ArraySlice<UInt8>, _ target: UnsafeMutableRawPointer?, _ count: Int) -> Int
    {
        let taken = bytes.prefix(count)
        bytes = bytes.dropFirst(count)
        taken.withUnsafeBytes { source in
            if let target, let base = source.baseAddress { target.copyMemory(from: base, byteCount: source.count) }
        }
        return taken.count
    }
}

enum PathBytes {
    /// Calls `body` with the path as a C string.
    static func withPointer<Result>(
        to bytes: [UInt8], _ body: (UnsafePointer<CChar>) -> Result
    ) -> Result {
        body(bytes.map { CChar(bitPattern: $0) } + [0])
    }

    static func join(_ folder: [UInt8], _ name: [UInt8]) -> [UInt8] {
        folder.isEmpty ? name : folder.last == 0x2f ? folder + name : folder + [0x2f] + name
    }
}
