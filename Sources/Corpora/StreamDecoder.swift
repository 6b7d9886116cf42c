/// A decompressor fed piece by piece.
protocol StreamDecoder: AnyObject {
    /// Whether the input so far ends where a compressed stream may end.
    var isComplete: Bool { get }

    /// Consumes from the front of `input`, fills `output` from its start, and returns the bytes
    /// written.
    func decode(
        _ input: inout UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) throws(StreamDecodingError) -> Int
}

/// What a decompressor found wrong; the file's name is added by ``ByteStream``.
struct StreamDecodingError: Error {
    let reason: String
}
