import Search

extension Engine {
    /// Passages with their texts and fields by their external ids; nil for ids that the index does not have.
    public func passagesWithFields(ids: [String]) throws(EngineError) -> [(text: PassageText, fields: JSONTree?)?] {
        try reading { reader in
            try ids.map { id in
                try reader.passage(withID: id).map { (try reader.passage($0), try reader.fields(of: $0)) }
            }
        }
    }

    /// Passages with their texts by their external ids; nil for ids that the index does not have.
    public func passages(ids: [String]) throws(EngineError) -> [PassageText?] {
        try reading { reader in
            try ids.map { id in try reader.passage(withID: id).map { try reader.passage($0) } }
        }
    }

    /// A passage with its text.
    public func passage(_ passage: PassageIndex) throws(EngineError) -> PassageText {
        try reading { try $0.passage(passage) }
    }
}
