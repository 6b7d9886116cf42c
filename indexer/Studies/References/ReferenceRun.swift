import Engine
import Evaluation
import Search

/// A figure that others published for a retriever on a collection, and how to measure the same here.
public struct ReferenceRun: Sendable {
    /// What is published of one measure.
    public struct Figure: Sendable, Equatable {
        public var measure: Measure
        public var published: Double

        public init(_ measure: Measure, _ published: Double) { (self.measure, self.published) = (measure, published) }
    }

    /// "nfcorpus-bm25".
    public var name: String
    /// The collection as its publishers call it, and where it is found.
    public var collection: String
    /// What ran there.
    public var system: String
    public var figures: [Figure]
    /// Where the figures stand.
    public var source: String
    public var retriever: ComponentID
    /// The encoder's name in the model cache; nil where none is needed.
    public var encoder: String?
    public var options = SearchOptions()
    /// Counted as the collection's own evaluation counts.
    public var rules = Rules()

    /// How a collection's own evaluation counts.
    public struct Rules: Sendable, Equatable {
        /// Passages whose id is the query's are taken out, as BEIR does.
        public var removesQuery = false
        /// Judged queries that find nothing count as 0.
        public var countsMissing = true
        /// The lowest grade that counts as relevant.
        public var level = 1

        public init() {}

        public var sentence: String {
            var parts = ["grades of \(level) and more count as relevant"]
            if countsMissing { parts.append("a judged query without answers counts 0") }
            if removesQuery { parts.append("a passage with the query's id is taken out") }
            return parts.joined(separator: ", ")
        }
    }

    public init(
        _ name: String, _ collection: String, _ system: String, _ figures: [Figure], source: String,
        retriever: ComponentID, encoder: String? = nil
    ) {
        (self.name, self.collection, self.system) = (name, collection, system)
        (self.figures, self.source, self.retriever, self.encoder) = (figures, source, retriever, encoder)
    }
}
