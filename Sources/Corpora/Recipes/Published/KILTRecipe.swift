/// KILT (Petroni et al. 2021, arXiv:2009.02252): pages of Wikipedia cut into passages of 100 words, with the questions of its tasks.
enum KILTRecipe: CorpusRecipe {
    static let name = "kilt"
    static let summary = "KILT in passages of 100 words: kilt_knowledgesource.json and TASK-SPLIT-kilt.jsonl"
    static let takesFiles = true
    static let origin: CorpusOrigin? = KILTCollection.origin

    static func make(_ request: CorpusRequest) throws(CorpusError) -> CorpusRecipeReport {
        try KILTCollection(name: name, words: 100).write(request)
    }
}

/// KILT with a passage for each paragraph.
enum KILTParagraphsRecipe: CorpusRecipe {
    static let name = "kilt-paragraphs"
    static let summary = "KILT with a passage for each paragraph, of the same files"
    static let takesFiles = true
    static let origin: CorpusOrigin? = KILTCollection.origin

    static func make(_ request: CorpusRequest) throws(CorpusError) -> CorpusRecipeReport {
        try KILTCollection(name: name, words: nil).write(request)
    }
}
