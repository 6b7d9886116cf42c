import Foundation

/// A corpus that can be read any number of times, whatever it comes from.
///
/// A build reads its corpus more than once. What is at the path is found out at the first reading, and
/// what can be read only once, standard input or a pipe, is then kept aside for the others.
package final class CorpusSource {
    /// The path as given; `-` is standard input.
    package let path: String
    private var layout: CorpusLayout?

    package init(path: String) {
        self.path = path
    }

    /// - Parameter layout: what is there, found out before.
    init(path: String, layout: CorpusLayout) {
        self.path = path
        self.layout = layout
    }

    /// A reader at the start of the corpus.
    ///
    /// - Parameter isCancelled: asked while a pipe is waited for.
    /// - Throws: ``CorpusError`` where there is nothing at the path or nothing that can be read.
    package func reader(
        options: CorpusOptions = CorpusOptions(), isCancelled: () -> Bool = { false }
    ) throws(CorpusError) -> CorpusReader {
        try options.validate()
        if let layout { return CorpusReader(path: path, layout: layout, options: options) }
        let found = try CorpusLayout.detect(path: path, options: options, isCancelled: isCancelled)
        layout = found
        return CorpusReader(path: path, layout: found, options: options)
    }
}
