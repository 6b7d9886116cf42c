import Memory

/// Reads the fields of a file, such as GGUF's, one after the other; every read is checked against its end.
struct ByteCursor {
    let bytes: FrozenArray<UInt8>
    let path: String
    private(set) var position = 0
    /// Elements of arrays read so far: what bounds the memory that a hostile file can claim.
    private var elementCount = 0

    private static let mostElements = 1 << 23
    private static let deepestArray = 4

    init(bytes: FrozenArray<UInt8>, path: String) {
        self.bytes = bytes
        self.path = path
    }

    var remaining: Int { bytes.count - position }

    func fault(_ reason: String) -> ModelError {
        .malformed(path: path, reason: "\(reason) (at byte \(position))")
    }

    mutating func integer<T: FixedWidthInteger & BitwiseCopyable>(_ type: T.Type) throws(ModelError) -> T {
        let size = MemoryLayout<T>.size
        guard size <= remaining else { throw fault("the file ends early") }
        let place = position
        position += size
        return bytes.withUnsafeBuffer { buffer in
            T(littleEndian: UnsafeRawBufferPointer(buffer).loadUnaligned(fromByteOffset: place, as: T.self))
        }
    }

    /// A count of things that take at least `size` bytes each.
    mutating func count(of size: Int, upTo limit: Int, _ what: String) throws(ModelError) -> Int {
        let value = try integer(UInt64.self)
        guard value <= UInt64(min(limit, remaining / size)) else {
            throw fault("\(value) \(what) do not fit the file")
        }
        return Int(value)
    }

    mutating func string() throws(ModelError) -> String {
        try text(length: count(of: 1, upTo: remaining, "bytes of text"))
    }

    mutating func text(length: Int) throws(ModelError) -> String {
        guard length <= remaining else { throw fault("the file ends early") }
        let text = bytes.withUnsafeBuffer {
            String(validating: UnsafeBufferPointer(rebasing: $0[position..<position + length]), as: UTF8.self)
        }
        guard let text else { throw fault("a text is not UTF-8") }
        position += length
        return text
    }

    mutating func skip(_ count: Int) throws(ModelError) {
        guard count <= remaining else { throw fault("the file ends early") }
        position += count
    }

    /// A value with its type before it.
    mutating func value() throws(ModelError) -> GGUFValue {
        let type = try integer(UInt32.self)
        return try value(of: type, depth: 0)
    }

    private mutating func value(of type: UInt32, depth: Int) throws(ModelError) -> GGUFValue {
        switch type {
        case 0: return .integer(Int(try integer(UInt8.self)))
        case 1: return .integer(Int(try integer(Int8.self)))
        case 2: return .integer(Int(try integer(UInt16.self)))
        case 3: return .integer(Int(try integer(Int16.self)))
        case 4: return .integer(Int(try integer(UInt32.self)))
        case 5: return .integer(Int(try integer(Int32.self)))
        case 6:
            // By way of the shortest decimal: 1e-5 in single precision is meant to be 1e-5.
            let value = Float(bitPattern: try integer(UInt32.self))
            return .number(Double("\(value)") ?? Double(value))
        case 7:
            let value = try integer(UInt8.self)
            guard value <= 1 else { throw fault("a truth value is \(value)") }
            return .bool(value == 1)
        case 8: return .string(try string())
        case 9: return try array(depth: depth + 1)
        case 10:
            let value = try integer(UInt64.self)
            return Int(exactly: value).map { .integer($0) } ?? .number(Double(value))
        case 11: return .integer(Int(try integer(Int64.self)))
        case 12: return .number(Double(bitPattern: try integer(UInt64.self)))
        default: throw fault("there is no value type \(type)")
        }
    }

    private mutating func array(depth: Int) throws(ModelError) -> GGUFValue {
        guard depth <= ByteCursor.deepestArray else { throw fault("arrays are nested too deeply") }
        let type = try integer(UInt32.self)
        guard let size = ByteCursor.leastSize(of: type) else {
            throw fault("there is no value type \(type)")
        }
        let length = try count(
            of: size, upTo: ByteCursor.mostElements - elementCount, "elements of an array")
        elementCount += length
        var values: [GGUFValue] = []
        values.reserveCapacity(length)
        for _ in 0..<length { values.append(try value(of: type, depth: depth)) }
        return .array(values)
    }

    /// The fewest bytes that a value of a type takes.
    private static func leastSize(of type: UInt32) -> Int? {
        switch type {
        case 0, 1, 7: 1
        case 2, 3: 2
        case 4, 5, 6: 4
        case 8, 10, 11, 12: 8
        case 9: 12
        default: nil
        }
    }
}
