/// Keys over a floor.
extension KeySearch {
    /// The first of each key with what it adds, and the query's single words, which add nothing and explain themselves.
    func incremented(_ generated: GeneratedKeys, over floor: TermFloor) -> [Key] {
        distinct(generated.keys).map { key in
            var key = key
            key.increment = KeyClass(of: key, over: floor, isPredicted: generated.arePredicted)
            key.weight =
                key.increment.map {
                    options.increments.weight(of: key, $0, options.weighting, corpus: counts.size)
                } ?? 0
            key.isTerm = key.weight == 0 && key.kind == .query
            return key
        }
    }
}
