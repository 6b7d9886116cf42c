import ArgumentParser

/// A size of memory as a user writes it: "2G", "512M", "300000K", or bytes.
enum MemorySize {
    /// - Throws: a usage error where the text is no size.
    static func bytes(_ text: String) throws -> Int {
        let units: [Character: Int] = ["K": 1 << 10, "M": 1 << 20, "G": 1 << 30]
        let unit = text.last.flatMap { units[Character($0.uppercased())] }
        let digits = unit == nil ? text[...] : text.dropLast()
        guard !digits.isEmpty, digits.allSatisfy({ ("0"..."9").contains($0) }), let number = Int(digits),
            number > 0
        else { throw ValidationError("give a size as 512M or 2G, with K, M or G for powers of 1024") }
        let (bytes, overflows) = number.multipliedReportingOverflow(by: unit ?? 1)
        guard !overflows else { throw ValidationError("no machine has that much memory") }
        return bytes
    }
}
