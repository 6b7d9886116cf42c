/// A span of time that a date stands for: a day, a month or a year, or the moment that its digits are exact to.
///
/// Dates are those of ISO 8601: `2026-05-01`, `2026-05-01T10:30:00Z`, `2026-05-01 10:30+02:00`. What names no zone is in
/// UTC.
struct FieldDate: Hashable, Sendable {
    /// Microseconds since 1970-01-01T00:00:00Z.
    var start: Int64
    /// The first microsecond behind it.
    var end: Int64

    static let day: Int64 = 86_400_000_000
    static let second: Int64 = 1_000_000

    init(start: Int64, end: Int64) { (self.start, self.end) = (start, end) }

    /// Whether a text without a month alone can stand for it: years have four digits, zones less than a day, and nothing
    /// is longer than that.
    var isWritten: Bool {
        let (first, last) = (Self.days(0, 1, 1) * Self.day - Self.day, Self.days(10_000, 1, 1) * Self.day + Self.day)
        return first <= start && start < end && end <= last + Self.day && end - start <= Self.day
    }

    /// Nil where the text is no date.
    ///
    /// - Parameter allowsMonths: takes `2026-05` for a date too.
    init?(_ text: some StringProtocol, allowsMonths: Bool = false) {
        var digits = Digits(text.utf8)
        guard let year = digits.take(4), digits.take("-"), let month = digits.take(2), 1...12 ~= month else {
            return nil
        }
        if digits.isAtEnd {
            guard allowsMonths else { return nil }
            let next = month == 12 ? Self.days(year + 1, 1, 1) : Self.days(year, month + 1, 1)
            self.init(start: Self.days(year, month, 1) * Self.day, end: next * Self.day)
            return
        }
        guard digits.take("-"), let day = digits.take(2), 1...Self.length(of: month, year) ~= day else { return nil }
        let midnight = Self.days(year, month, day) * Self.day
        if digits.isAtEnd {
            self.init(start: midnight, end: midnight + Self.day)
            return
        }
        guard digits.take("T") || digits.take("t") || digits.take(" ") else { return nil }
        guard let time = digits.time(), let zone = digits.zone(), digits.isAtEnd else { return nil }
        let start = midnight + time.microseconds - zone
        self.init(start: start, end: start + time.precision)
    }

    /// A whole year.
    init?(year: Int64) {
        guard 1...9999 ~= year else { return nil }
        self.init(start: Self.days(Int(year), 1, 1) * Self.day, end: Self.days(Int(year) + 1, 1, 1) * Self.day)
    }

    /// Days from 1970-01-01 in the Gregorian calendar; the year is taken to begin in March, so that the leap day is its
    /// last.
    private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int64 {
        let year = month > 2 ? year : year - 1
        let era = (year >= 0 ? year : year - 399) / 400
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return Int64(era * 146_097 + dayOfEra - 719_468)
    }

    private static func length(of month: Int, _ year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}

/// Reads fixed numbers of digits.
private struct Digits<Bytes: Collection<UInt8>> {
    private let bytes: Bytes
    private var index: Bytes.Index

    init(_ bytes: Bytes) { (self.bytes, index) = (bytes, bytes.startIndex) }

    var isAtEnd: Bool { index == bytes.endIndex }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard !isAtEnd, bytes[index] == UInt8(ascii: character) else { return false }
        index = bytes.index(after: index)
        return true
    }

    mutating func take(_ count: Int) -> Int? {
        var value = 0
        for _ in 0..<count {
            guard !isAtEnd, bytes[index] &- 0x30 < 10 else { return nil }
            value = 10 * value + Int(bytes[index] - 0x30)
            index = bytes.index(after: index)
        }
        return value
    }

    /// Hours and minutes, perhaps seconds and their decimals.
    mutating func time() -> (microseconds: Int64, precision: Int64)? {
        guard let hours = take(2), hours < 24, take(":"), let minutes = take(2), minutes < 60 else { return nil }
        var microseconds = Int64(hours * 3600 + minutes * 60) * FieldDate.second
        guard take(":") else { return (microseconds, 60 * FieldDate.second) }
        // 60 is a leap second.
        guard let seconds = take(2), seconds <= 60 else { return nil }
        microseconds += Int64(seconds) * FieldDate.second
        guard take(".") || take(",") else { return (microseconds, FieldDate.second) }
        var precision = FieldDate.second
        var count = 0
        while let digit = take(1) {
            count += 1
            guard precision > 1 else { continue }
            precision /= 10
            microseconds += Int64(digit) * precision
        }
        return count > 0 ? (microseconds, precision) : nil
    }

    /// What a zone is ahead of UTC, in microseconds; 0 where none is named.
    mutating func zone() -> Int64? {
        if isAtEnd || take("Z") || take("z") { return 0 }
        let isAhead = take("+")
        guard isAhead || take("-"), let hours = take(2), hours < 24 else { return nil }
        var minutes = 0
        if !isAtEnd {
            _ = take(":")
            guard let read = take(2), read < 60 else { return nil }
            minutes = read
        }
        return Int64(hours * 60 + minutes) * 60 * FieldDate.second * (isAhead ? 1 : -1)
    }
}
