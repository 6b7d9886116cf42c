import CGenret
import Serving

extension genret_text {
    static var empty: genret_text { genret_text(data: nil, length: 0) }

    /// A copy that ``genret_free_text`` frees.
    init(copying bytes: some Collection<UInt8>) {
        let copy = UnsafeMutablePointer<CChar>.allocate(capacity: max(1, bytes.count))
        for (place, byte) in bytes.enumerated() { copy[place] = CChar(bitPattern: byte) }
        self.init(data: copy, length: bytes.count)
    }

    var bytes: [UInt8] {
        guard let data, length > 0 else { return [] }
        return UnsafeRawBufferPointer(start: data, count: length).map { $0 }
    }

    /// What a caller gave.
    ///
    /// - Parameter name: what the text is to the caller.
    /// - Throws: ``Problem`` where it is no text.
    func checkedBytes(_ name: String) throws(Problem) -> [UInt8] {
        guard data != nil || length == 0 else {
            throw Problem(.invalidOption, "\(name) is a null pointer with a length", member: name)
        }
        // What is more than half of all memory comes as a negative number.
        guard length >= 0 else { throw Problem(.tooLarge, "\(name) is longer than memory", member: name) }
        return bytes
    }

    func text(_ name: String) throws(Problem) -> String {
        guard let text = String(validating: try checkedBytes(name), as: UTF8.self) else {
            throw Problem(.invalidOption, "\(name) is not UTF-8", member: name)
        }
        return text
    }
}

@_cdecl("genret_free_text")
public func freeText(_ text: genret_text) {
    UnsafeMutablePointer(mutating: text.data)?.deallocate()
}
