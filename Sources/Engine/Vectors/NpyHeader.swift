import Memory

/// The header of a NumPy file: what its numbers are, and where they begin
/// (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html, versions 1 to 3).
struct NpyHeader {
    /// How a number is stored, always little-endian.
    enum Element: String {
        case float16 = "<f2"
        case float32 = "<f4"
        case float64 = "<f8"

        var byteCount: Int {
            switch self {
            case .float16: 2
            case .float32: 4
            case .float64: 8
            }
        }
    }

    let element: Element
    let rows: Int
    let columns: Int
    /// Where the numbers begin in the file.
    let start: Int

    /// What the file begins with.
    private static let magic: [UInt8] = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]
    /// A longer header is of no array of plain numbers.
    private static let longest = 1 << 16

    /// Reads the header and holds the file's length against it.
    ///
    /// - Throws: ``VectorFileError/malformed(path:reason:)`` for a file that is none, or is too short or too long;
    ///   ``VectorFileError/unsupported(path:reason:)`` for an array that is not of little-endian floats, two-dimensional and by rows.
    init(_ bytes: FrozenArray<UInt8>, path: String) throws(VectorFileError) {
        func malformed(_ reason: String) -> VectorFileError { .malformed(path: path, reason: reason) }
        func unsupported(_ reason: String) -> VectorFileError { .unsupported(path: path, reason: reason) }
        guard bytes.count >= 10, bytes.slice(0..<6).toArray() == Self.magic else {
            throw malformed(bytes.count < 10 ? "it is too short to be a NumPy file" : "it is no NumPy file")
        }
        let version = bytes[6]
        guard (1...3).contains(version), bytes[7] == 0 else {
            throw unsupported("a NumPy file of version \(version).\(bytes[7]); expected 1.0, 2.0 or 3.0")
        }
        let sizeBytes = version == 1 ? 2 : 4
        guard bytes.count >= 8 + sizeBytes else { throw malformed("it ends within its header") }
        let size = (0..<sizeBytes).reduce(0) { $0 | Int(bytes[8 + $1]) << (8 * $1) }
        let start = 8 + sizeBytes + size
        guard size <= Self.longest else { throw malformed("its header would have \(size) bytes") }
        guard bytes.count >= start else { throw malformed("it ends within its header") }
        let said: NpyDictionary
        do throws(NpyDictionary.Fault) {
            said = try NpyDictionary(bytes.slice(8 + sizeBytes..<start).toArray())
        } catch {
            throw malformed("its header is broken: \(error.reason)")
        }
        guard let descr = said.descr else { throw unsupported("an array of records; expected one of float numbers") }
        guard let element = Element(rawValue: descr) else {
            throw unsupported("an array of \(descr); expected little-endian floats, <f4, <f2 or <f8")
        }
        guard said.shape.count == 2 else {
            throw unsupported("an array of \(said.shape.count) dimensions; expected 2, a row for each vector")
        }
        guard !said.isByColumns else { throw unsupported("an array in Fortran order; expected C order, row by row") }
        let (rows, columns) = (said.shape[0], said.shape[1])
        guard rows > 0, columns > 0 else { throw unsupported("an array of \(rows) × \(columns) numbers is empty") }
        guard columns <= ImportedVectors.widest, rows <= Int(Int32.max) else {
            throw unsupported("an array of \(rows) × \(columns) numbers is too large")
        }
        // Both are bounded: no overflow.
        let wanted = rows * columns * element.byteCount
        guard bytes.count - start == wanted else {
            throw malformed(
                "it has \(bytes.count - start) bytes of numbers; \(rows) × \(columns) of \(descr) take \(wanted)")
        }
        (self.element, self.rows, self.columns, self.start) = (element, rows, columns, start)
    }
}
