import Engine

/// How much one call may ask for. A person at a terminal may wait; a stranger on a network may not.
public struct ServingLimits: Sendable, Equatable {
    public var search: SearchLimits
    /// Bytes of a query.
    public var queryBytes: Int
    /// Queries of a batch.
    public var batch: Int
    /// Texts to encode or rerank, and the bytes of each.
    public var texts: Int
    public var textBytes: Int
    /// Ids of a call.
    public var ids: Int
    /// Fields that are counted in one search.
    public var facets: Int

    public static let local = ServingLimits(
        search: .local, queryBytes: 1 << 20, batch: 1_000_000, texts: 1_000_000, textBytes: 1 << 24, ids: 1_000_000,
        facets: 1_000)
    public static let network = ServingLimits(
        search: .network, queryBytes: 8 << 10, batch: 1_000, texts: 1_000, textBytes: 100_000, ids: 1_000, facets: 16)

    func check(query: String) throws(OptionFault) {
        guard query.utf8.count <= queryBytes else { throw OptionFault("query", "at most \(queryBytes) bytes long") }
    }

    /// - Parameter name: of the member that has them.
    public func check(texts: [String], _ name: String) throws(OptionFault) {
        guard texts.count <= self.texts else { throw OptionFault(name, "at most \(self.texts) texts") }
        guard texts.allSatisfy({ $0.utf8.count <= textBytes }) else {
            throw OptionFault(name, "texts of at most \(textBytes) bytes")
        }
    }

    func check(_ request: SearchRequest) throws(OptionFault) {
        try check(query: request.query)
        if let fault = request.fault(search) { throw fault }
        guard request.facets.count <= facets else { throw OptionFault("facets", "at most \(facets) fields") }
    }
}
