/// A grade as qrels write it: a whole number, which trec_eval reads as far as its digits go.
struct GradeText {
    let grade: Int
    /// Whether something other than zeros stands behind a decimal point, which is not read.
    let isCut: Bool

    /// Nil where there is no decimal number that fits.
    init?(_ bytes: UnsafeRawBufferPointer) {
        var index = 0
        let isNegative = bytes.first == 0x2d
        if isNegative || bytes.first == 0x2b { index = 1 }
        let start = index
        var value = 0
        var digits = 0
        while index < bytes.count, let digit = Self.digit(bytes[index]) {
            let (product, overflows) = value.multipliedReportingOverflow(by: 10)
            let (sum, alsoOverflows) = product.addingReportingOverflow(digit)
            guard !overflows, !alsoOverflows else { return nil }
            value = sum
            index += 1
        }
        digits = index - start
        var isCut = false
        if index < bytes.count {
            guard bytes[index] == 0x2e else { return nil }
            index += 1
            while index < bytes.count, let digit = Self.digit(bytes[index]) {
                if digit != 0 { isCut = true }
                digits += 1
                index += 1
            }
        }
        guard index == bytes.count, digits > 0 else { return nil }
        grade = isNegative ? -value : value
        self.isCut = isCut
    }

    @inline(__always)
    private static func digit(_ byte: UInt8) -> Int? {
        (0x30...0x39).contains(byte) ? Int(byte) - 0x30 : nil
    }
}
