import Memory

/// A named run of bytes of a stored structure.
package typealias DocidSection = (name: String, bytes: FrozenArray<UInt8>)

extension FrozenArray {
    /// The elements' bytes, sharing their memory.
    func section(_ name: String) -> DocidSection {
        let owner = SectionOwner(self)
        let bytes = UnsafeRawPointer(unsafeBase).assumingMemoryBound(to: UInt8.self)
        return (name, FrozenArray<UInt8>(base: bytes, count: byteCount, owner: owner))
    }
}

/// Keeps an array alive for as long as a view of its bytes.
private final class SectionOwner<Element: BitwiseCopyable & Sendable>: Sendable {
    private let array: FrozenArray<Element>

    init(_ array: FrozenArray<Element>) {
        self.array = array
    }
}

/// Reads sections by name and checks their sizes.
struct SectionReader {
    let source: (String) throws -> FrozenArray<UInt8>

    func elements<T: BitwiseCopyable & Sendable>(
        _ name: String, of type: T.Type, count: Int? = nil
    ) throws -> FrozenArray<T> {
        guard let elements = try source(name).elements(of: type) else {
            throw DocidError(name, "not a whole number of aligned elements")
        }
        if let count, elements.count != count {
            throw DocidError(name, "\(elements.count) elements; expected \(count)")
        }
        return elements
    }

    /// A section of sizes, each at most 2³¹ - 1.
    func sizes(_ name: String, count: Int) throws -> [Int] {
        try elements(name, of: UInt64.self, count: count).toArray().map { value in
            guard value <= UInt64(Int32.max) else { throw DocidError(name, "impossible size \(value)") }
            return Int(value)
        }
    }
}
