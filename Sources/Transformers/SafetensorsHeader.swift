import Memory
import Storage

/// Parses and checks the header of a safetensors file.
struct SafetensorsHeader {
    let bytes: FrozenArray<UInt8>
    let path: String

    /// The format's own bound on the header's length.
    private static let largest = 100_000_000

    /// The tensors in order of their bytes, and the strings beside them.
    func contents() throws(ModelError) -> (entries: [Safetensors.Entry], metadata: [String: String]) {
        let (json, dataStart) = try header()
        guard let members = json.members else { throw fault("the header is not an object") }
        var entries: [Safetensors.Entry] = []
        var names = Set<String>()
        for member in members where member.key != "__metadata__" {
            guard names.insert(member.key).inserted else {
                throw fault("two tensors are named \(member.key)")
            }
            entries.append(try entry(member, dataStart))
        }
        entries.sort { ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound) }
        for (one, two) in zip(entries, entries.dropFirst())
        where two.range.lowerBound < one.range.upperBound {
            throw fault("the tensors \(one.name) and \(two.name) overlap")
        }
        var metadata: [String: String] = [:]
        for member in json["__metadata__"]?.members ?? [] { metadata[member.key] = member.value.string }
        return (entries, metadata)
    }

    private func fault(_ reason: String) -> ModelError {
        .malformed(path: path, reason: reason)
    }

    private func header() throws(ModelError) -> (json: JSONValue, dataStart: Int) {
        guard bytes.count >= 8 else { throw fault("shorter than a safetensors header") }
        var length: UInt64 = 0
        for position in 0..<8 { length |= UInt64(bytes[position]) << UInt64(8 * position) }
        guard length >= 2, length <= UInt64(min(bytes.count - 8, SafetensorsHeader.largest)) else {
            throw fault("the header's length \(length) does not fit the file")
        }
        let end = 8 + Int(length)
        do {
            return (try JSONValue(parsing: bytes.slice(8..<end).toArray()), end)
        } catch {
            throw fault("the header is not JSON at \(error)")
        }
    }

    private func entry(
        _ member: JSONValue.Member, _ dataStart: Int
    ) throws(ModelError) -> Safetensors.Entry {
        let name = member.key
        guard let typeName = member.value["dtype"]?.string,
            let type = Safetensors.ElementType(rawValue: typeName)
        else { throw fault("the tensor \(name) has no known dtype") }
        guard let shape = member.value["shape"]?.array?.map({ $0.int ?? -1 }),
            shape.count <= 8, shape.allSatisfy({ $0 >= 0 })
        else { throw fault("the tensor \(name) has no valid shape") }
        guard let offsets = member.value["data_offsets"]?.array?.map({ $0.int ?? -1 }),
            offsets.count == 2, offsets[0] >= 0, offsets[0] <= offsets[1],
            offsets[1] <= bytes.count - dataStart
        else { throw fault("the tensor \(name) lies outside of the file") }
        var size = type.byteCount
        for dimension in shape {
            let (product, overflow) = size.multipliedReportingOverflow(by: dimension)
            guard !overflow else { throw fault("the tensor \(name) has an impossible shape") }
            size = product
        }
        guard size == offsets[1] - offsets[0] else {
            throw fault("the tensor \(name) has \(offsets[1] - offsets[0]) bytes; its shape needs \(size)")
        }
        return Safetensors.Entry(
            name: name, type: type, shape: shape,
            range: dataStart + offsets[0]..<dataStart + offsets[1])
    }
}
