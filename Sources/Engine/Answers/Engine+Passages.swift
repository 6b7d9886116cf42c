import Search

extension Engine {
    /// Passages with their texts and fields by their external ids; nil for ids that the index does not have.
    public func passagesWithFields(ids: [String]) throws(EngineError) -> [(text: PassageText, fields: JSONTree?)?] {
        let reader = reader
        do {
            let found = try ids.map { id in
                try reader.passage(withID: id).map { (try reader.passage($0), try reader.fields(of: $0)) }
            }
            try checkFiles(reader)
            return found
        } catch {
            try checkFiles(reader)
            throw EngineError(error)
        }
    }
}
