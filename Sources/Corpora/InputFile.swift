import Foundation

/// A file as the operating system knows it, by the bytes of its path, or what a pipe left behind.
struct InputFile: Sendable {
    private enum Place: Sendable {
        case path([UInt8])
        case spool(Spool)
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

    /// Bytes as stored, 0 where they cannot be asked.
    var byteCount: Int {
        switch place {
        case .spool(let spool): return spool.byteCount
        case .path(let bytes):
            var status = stat()
            return PathBytes.withPointer(to: bytes) { stat($0, &status) } == 0 ? Int(status.st_size) : 0
        }
    }

    /// Opens the file; the descriptor is the caller's to close.
    func open() throws(CorpusError) -> OpenFile {
        switch place {
        case .spool(let spool): return OpenFile(spool: spool)
        case .path(let bytes):
            let descriptor = PathBytes.withPointer(to: bytes) { Foundation.open($0, O_RDONLY | O_CLOEXEC) }
            guard descriptor >= 0 else {
                if errno == ENOENT { throw .notFound(path: shown) }
                throw .unreadable(path: shown, reason: String(cString: strerror(errno)))
            }
            return OpenFile(descriptor: descriptor)
        }
    }
}

/// An open file that is read from its start; a spool is shared, each reader with a place of its own.
final class OpenFile {
    let byteCount: Int
    private let descriptor: Int32
    private let spool: Spool?
    private var offset = 0

    init(descriptor: Int32) {
        self.descriptor = descriptor
        spool = nil
        var status = stat()
        byteCount = fstat(descriptor, &status) == 0 ? Int(status.st_size) : 0
    }

    init(spool: Spool) {
        descriptor = spool.descriptor
        self.spool = spool
        byteCount = spool.byteCount
    }

    deinit { if spool == nil { close(descriptor) } }

    /// As read(2): the bytes got, 0 at the end, less than 0 for an error.
    func read(_ target: UnsafeMutableRawPointer?, _ count: Int) -> Int {
        guard spool != nil else { return Foundation.read(descriptor, target, count) }
        let got = pread(descriptor, target, count, off_t(offset))
        if got > 0 { offset += got }
        return got
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
