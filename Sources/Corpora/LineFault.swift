/// Why a line gives no passage; the place is added by the reader.
struct LineFault: Error {
    let reason: String
    /// How many lines it is about.
    let lines: Int
    /// Where in the record another JSON object begins, after one that is complete.
    let next: Int?

    init(_ reason: String, lines: Int = 1, next: Int? = nil) {
        self.reason = reason
        self.lines = lines
        self.next = next
    }
}
