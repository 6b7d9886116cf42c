/// Why a line gives no passage; the place is added by the reader.
struct LineFault: Error {
    let reason: String

    init(_ reason: String) {
        self.reason = reason
    }
}
