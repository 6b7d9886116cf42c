import Memory

/// Reads and checks the descriptions of a GGUF file's tensors.
struct GGUFTensorTable {
    private var cursor: ByteCursor
    private let alignment: Int

    /// - Parameter cursor: at the first description, after the metadata.
    init(cursor: ByteCursor, metadata: [String: GGUFValue]) throws(ModelError) {
        self.cursor = cursor
        guard let value = metadata["general.alignment"] else {
            alignment = 32
            return
        }
        guard let number = value.int, number > 0, number <= 1 << 20, number & (number - 1) == 0 else {
            throw cursor.fault("general.alignment must be a power of two")
        }
        alignment = number
    }

    private struct Description {
        let name: String
        let type: GGUFTensorType
        let shape: [Int]
        let byteCount: Int
        let offset: Int
    }

    /// The tensors in order of their bytes.
    func entries(count: Int) throws(ModelError) -> [GGUFFile.Entry] {
        var reader = self
        var descriptions: [Description] = []
        var names = Set<String>()
        for _ in 0..<count {
            let description = try reader.description()
            guard names.insert(description.name).inserted else {
                throw reader.cursor.fault("two tensors are named \(description.name)")
            }
            descriptions.append(description)
        }
        let start = (reader.cursor.position + alignment - 1) / alignment * alignment
        let room = cursor.bytes.count - start
        descriptions.sort { ($0.offset, $0.byteCount) < ($1.offset, $1.byteCount) }
        var end = 0
        var entries: [GGUFFile.Entry] = []
        for item in descriptions {
            guard item.offset <= room, item.byteCount <= room - item.offset else {
                throw cursor.fault("the tensor \(item.name) lies outside of the file")
            }
            guard item.offset >= end else {
                throw cursor.fault("the tensor \(item.name) overlaps another")
            }
            end = item.offset + item.byteCount
            entries.append(
                .init(
                    name: item.name, type: item.type, shape: item.shape,
                    range: start + item.offset..<start + end))
        }
        return entries
    }

    private mutating func description() throws(ModelError) -> Description {
        let name = try cursor.string()
        let rank = try cursor.integer(UInt32.self)
        guard rank <= 4 else { throw cursor.fault("the tensor \(name) has \(rank) dimensions") }
        var dimensions: [Int] = []
        var elements = 1
        for _ in 0..<rank {
            let dimension = Int(clamping: try cursor.integer(UInt64.self))
            let (product, overflow) = elements.multipliedReportingOverflow(by: dimension)
            guard !overflow else { throw cursor.fault("the tensor \(name) has an impossible shape") }
            elements = product
            dimensions.append(dimension)
        }
        let rawType = try cursor.integer(UInt32.self)
        guard let type = GGUFTensorType(rawValue: rawType) else {
            throw .unsupported(
                path: cursor.path,
                reason: "the tensor \(name) has the type \(GGUFTensorType.name(of: rawType)); "
                    + "those that are read are \(GGUFTensorType.readable)")
        }
        guard (dimensions.first ?? 1) % type.blockLength == 0 else {
            throw cursor.fault(
                "the rows of the tensor \(name) are no whole number of \(type.label) blocks")
        }
        let (size, overflow) = (elements / type.blockLength).multipliedReportingOverflow(by: type.blockSize)
        let offset = try cursor.integer(UInt64.self)
        guard !overflow, let offset = Int(exactly: offset), offset % alignment == 0 else {
            throw cursor.fault("the tensor \(name) lies at an impossible place")
        }
        return .init(name: name, type: type, shape: dimensions.reversed(), byteCount: size, offset: offset)
    }
}
