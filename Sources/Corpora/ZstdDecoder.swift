import CZstd

/// Decodes zstd frames, several one after the other included.
final class ZstdDecoder: StreamDecoder {
    private let stream: OpaquePointer
    private(set) var isComplete = false

    init() throws(StreamDecodingError) {
        guard let created = ZSTD_createDStream() else {
            throw StreamDecodingError(reason: "zstd does not start")
        }
        stream = created
    }

    deinit { ZSTD_freeDStream(stream) }

    func decode(
        _ input: inout UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) throws(StreamDecodingError) -> Int {
        // Asked without input at the end of a frame, zstd would announce a new frame.
        if isComplete, input.isEmpty { return 0 }
        var source = ZSTD_inBuffer(src: input.baseAddress, size: input.count, pos: 0)
        var target = ZSTD_outBuffer(dst: output.baseAddress, size: output.count, pos: 0)
        let status = ZSTD_decompressStream(stream, &target, &source)
        guard ZSTD_isError(status) == 0 else {
            throw StreamDecodingError(reason: String(cString: ZSTD_getErrorName(status)))
        }
        isComplete = status == 0
        input = UnsafeRawBufferPointer(rebasing: input[source.pos...])
        return target.pos
    }
}
