/// Counts and checksums of the data sets of BEIR (Thakur et al. 2021, arXiv:2104.08663): those that ir-datasets counted in the files, and
/// the checksums of BEIR's README.
enum BEIRFigures {
    /// A data set: passages, and per split questions and judgements.
    private typealias Row = (passages: Int, splits: [String: (Int, Int)])

    private static let rows: [String: Row] = [
        "arguana": (8_674, ["test": (1_406, 1_406)]),
        "climate-fever": (5_416_593, ["test": (1_535, 4_681)]),
        "cqadupstack/android": (22_998, ["test": (699, 1_696)]),
        "cqadupstack/english": (40_221, ["test": (1_570, 3_765)]),
        "cqadupstack/gaming": (45_301, ["test": (1_595, 2_263)]),
        "cqadupstack/gis": (37_637, ["test": (885, 1_114)]),
        "cqadupstack/mathematica": (16_705, ["test": (804, 1_358)]),
        "cqadupstack/physics": (38_316, ["test": (1_039, 1_933)]),
        "cqadupstack/programmers": (32_176, ["test": (876, 1_675)]),
        "cqadupstack/stats": (42_269, ["test": (652, 913)]),
        "cqadupstack/tex": (68_184, ["test": (2_906, 5_154)]),
        "cqadupstack/unix": (47_382, ["test": (1_072, 1_693)]),
        "cqadupstack/webmasters": (17_405, ["test": (506, 1_395)]),
        "cqadupstack/wordpress": (48_605, ["test": (541, 744)]),
        "dbpedia-entity": (4_635_922, ["dev": (67, 5_673), "test": (400, 43_515)]),
        "fever": (5_416_568, ["dev": (6_666, 8_079), "test": (6_666, 7_937), "train": (109_810, 140_085)]),
        "fiqa": (57_638, ["dev": (500, 1_238), "test": (648, 1_706), "train": (5_500, 14_166)]),
        "hotpotqa": (5_233_329, ["dev": (5_447, 10_894), "test": (7_405, 14_810), "train": (85_000, 170_000)]),
        "msmarco": (8_841_823, ["dev": (6_980, 7_437), "test": (43, 9_260), "train": (502_939, 532_751)]),
        "nfcorpus": (3_633, ["dev": (324, 11_385), "test": (323, 12_334), "train": (2_590, 110_575)]),
        "nq": (2_681_468, ["test": (3_452, 4_201)]),
        "quora": (522_931, ["dev": (5_000, 7_626), "test": (10_000, 15_675)]),
        "scidocs": (25_657, ["test": (1_000, 29_928)]),
        "scifact": (5_183, ["test": (300, 339), "train": (809, 919)]),
        "trec-covid": (171_332, ["test": (50, 66_336)]),
        "webis-touche2020": (382_545, ["test": (49, 2_214)]),
    ]

    /// Of the zip files.
    static let checksums = [
        "arguana.zip": "8ad3e3c2a5867cdced806d6503f29b99", "climate-fever.zip": "8b66f0a9126c521bae2bde127b4dc99d",
        "cqadupstack.zip": "4e41456d7df8ee7760a7f866133bda78", "dbpedia-entity.zip": "c2a39eb420a3164af735795df012ac2c",
        "fever.zip": "5a818580227bfb4b35bb6fa46d9b6c03", "fiqa.zip": "17918ed23cd04fb15047f73e6c3bd9d9",
        "hotpotqa.zip": "f412724f78b0d91183a0e86805e16114", "msmarco.zip": "444067daf65d982533ea17ebd59501e4",
        "nfcorpus.zip": "a89dba18a62ef92f7d323ec890a0d38d", "nq.zip": "d4d3d2e48787a744b6f6e691ff534307",
        "quora.zip": "18fb154900ba42a600f84b839c173167", "scidocs.zip": "38121350fc3a4d2f48850f6aff52e4a9",
        "scifact.zip": "5f7d1de60b170fc8027bb7898e2efca1", "trec-covid.zip": "ce62140cb23feb9becf6270d0d1fe6d1",
        "webis-touche2020.zip": "46f650ba5a527fc69e0a6521c5a23563",
    ]

    /// The figures of a data set by its name, such as `fiqa` or `cqadupstack/tex`; none where it is not known.
    static func of(_ name: String) -> PublishedFigures {
        guard let row = rows[name] else { return PublishedFigures() }
        return PublishedFigures(
            passages: row.passages, splits: row.splits.mapValues { .init(judged: $0.0, judgements: $0.1) })
    }
}
