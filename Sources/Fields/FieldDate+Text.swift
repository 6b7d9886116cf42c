extension FieldDate {
    /// ISO 8601, as exact as the date is, in UTC and the Gregorian calendar, for whatever year.
    var text: String {
        // Seconds are rounded down, also before 1970.
        let (day, time) = start.dividedDown(by: Self.day)
        let (seconds, micros) = time.dividedDown(by: Self.second)
        let date = Self.calendarText(ofDay: Int(day))
        guard end - start < Self.day else { return date }
        let minute = date + "T" + Self.digits(seconds / 3600, 2) + ":" + Self.digits(seconds / 60 % 60, 2)
        guard end - start < 60 * Self.second else { return minute + "Z" }
        let second = minute + ":" + Self.digits(seconds % 60, 2)
        guard end - start < Self.second else { return second + "Z" }
        var kept = 6
        var precision = end - start
        while precision >= 10 { (precision, kept) = (precision / 10, kept - 1) }
        return second + "." + Self.digits(micros, 6).prefix(max(1, kept)) + "Z"
    }

    /// The inverse of the count of days: years begin in March, so that the leap day is their last.
    private static func calendarText(ofDay day: Int) -> String {
        let (era, dayOfEra) = (day + 719_468).dividedDown(by: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        let year = yearOfEra + 400 * era + (month <= 2 ? 1 : 0)
        return (year < 0 ? "-" : "") + digits(year.magnitude, 4) + "-" + digits(month, 2) + "-"
            + digits(dayOfYear - (153 * marchMonth + 2) / 5 + 1, 2)
    }

    private static func digits(_ number: some BinaryInteger, _ count: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, count - text.count)) + text
    }
}

extension FixedWidthInteger {
    /// The quotient, rounded down, and what remains, which is not negative.
    fileprivate func dividedDown(by divisor: Self) -> (quotient: Self, remainder: Self) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
