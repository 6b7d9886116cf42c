import Search

/// Feedback that is opened from an index: a file with one of these and a line in ``Registry`` are all that a new method takes.
public protocol IndexFeedback: Feedback {
    static var id: ComponentID { get }

    /// Whether it reads what a person finds irrelevant.
    static var readsIrrelevant: Bool { get }

    /// Opens it.
    ///
    /// - Throws: why it cannot run on this index or this machine.
    static func open(_ index: IndexReader, _ options: FeedbackOptions) throws -> Self
}

extension IndexFeedback {
    public var id: ComponentID { Self.id }

    public static var readsIrrelevant: Bool { false }
}
