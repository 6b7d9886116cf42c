import CZlib

/// Decodes gzip (and zlib) streams, several members one after the other included.
final class GzipDecoder: StreamDecoder {
    private let stream: UnsafeMutablePointer<z_stream>
    private(set) var isComplete = false

    init() throws(StreamDecodingError) {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        // 15 bits of window; 32 more let zlib tell gzip from zlib by the header.
        let status = inflateInit2_(
            stream, 15 + 32, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        guard status == Z_OK else { throw StreamDecodingError(reason: "zlib does not start") }
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    func decode(
        _ input: inout UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) throws(StreamDecodingError) -> Int {
        if isComplete {
            // Tapes and block devices pad the last member with zeros.
            while let byte = input.first, byte == 0 { input = UnsafeRawBufferPointer(rebasing: input[1...]) }
            guard !input.isEmpty else { return 0 }
            inflateReset(stream)
            isComplete = false
        }
        stream.pointee.next_in = UnsafeMutablePointer(
            mutating: input.baseAddress?.assumingMemoryBound(to: UInt8.self))
        stream.pointee.avail_in = UInt32(input.count)
        stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
        let room = min(output.count, Int(UInt32.max))
        stream.pointee.avail_out = UInt32(room)
        let status = inflate(stream, Z_NO_FLUSH)
        input = UnsafeRawBufferPointer(
            rebasing: input[(input.count - Int(stream.pointee.avail_in))...])
        switch status {
        case Z_STREAM_END: isComplete = true
        case Z_OK, Z_BUF_ERROR: break
        default:
            let message = stream.pointee.msg.map { String(cString: $0) } ?? "zlib error \(status)"
            throw StreamDecodingError(reason: message)
        }
        return room - Int(stream.pointee.avail_out)
    }
}
