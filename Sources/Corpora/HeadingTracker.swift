/// The title of a passage, from the headings above it.
struct HeadingTracker {
    private let fileName: String
    /// What the whole file is called: its own title, or its first heading.
    private var first: String?
    private var nearest: (text: String, level: Int, hasBody: Bool)?

    /// - Parameter fileName: the title where there is no heading.
    init(fileName: String) {
        self.fileName = fileName
    }

    /// The file's title or first heading and the nearest one, or the name of the file before any.
    var title: String {
        guard let first else { return fileName }
        guard let nearest, nearest.text != first else { return first }
        return "\(first): \(nearest.text)"
    }

    /// Takes the title that the file gives itself.
    mutating func name(_ title: String) { first = first ?? title }

    /// Goes under a heading.
    ///
    /// - Returns: the heading before, where no title would have it any more and no text was under it.
    mutating func enter(_ heading: String, level: Int) -> String? {
        let lost = nearest.flatMap { $0.hasBody || $0.text == first ? nil : $0.text }
        if first == nil { first = heading }
        nearest = (heading, level, false)
        return lost
    }

    /// Notes that there is text under the heading.
    mutating func addBody() { nearest?.hasBody = true }

    /// The last heading, where there is nothing under it.
    var lastWithoutBody: String? { nearest.flatMap { $0.hasBody ? nil : $0.text } }
}
