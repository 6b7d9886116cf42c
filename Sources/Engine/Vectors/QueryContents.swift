import IndexStore

/// What a query brings of its own: its text, a vector of the space of imported ones, or both. Retrievers that find by what it lacks do
/// not run.
package struct QueryContents: OptionSet, Sendable {
    package let rawValue: Int

    package init(rawValue: Int) { self.rawValue = rawValue }

    package static let text = QueryContents(rawValue: 1)
    package static let vector = QueryContents(rawValue: 2)

    /// What a query of this text and vector brings. An empty text counts where nothing else does: it is an error then.
    package init(_ text: String, _ vector: [Float]?) {
        let hasText = vector == nil || text.unicodeScalars.contains(where: QueryAnalyzer.isTelling)
        self = hasText ? .text : []
        if vector != nil { insert(.vector) }
    }
}

extension IndexReader {
    /// Why a retriever finds nothing by what a query brings; nil where it runs.
    func lack(_ type: any IndexRetriever.Type, _ contents: QueryContents) -> EngineError? {
        if type.isOfEncoder {
            manifest.vectors != nil && !contents.contains(.vector) ? .vectorNotGiven(index: path) : nil
        } else {
            contents.contains(.text) ? nil : .textNotGiven
        }
    }
}
