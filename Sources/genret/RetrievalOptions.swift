import ArgumentParser
import Engine
import Ranking
import Tensors

extension NgramGeneratorKind: ExpressibleByArgument {}
extension RetrieverKind: ExpressibleByArgument {}
extension Fusion.Method: ExpressibleByArgument {}

/// Docids as the command line names them.
enum DocidChoice: String, ExpressibleByArgument, CaseIterable {
    case trained, untrained, tree, rq
}

/// The options that `query` and `search` share.
struct RetrievalOptions: ParsableArguments {
    @Option(help: "Which retrievers run, with commas: ngram, docid, dense, bm25 (default: all that can).")
    var retrievers: String?
    @Option(help: "How lists are merged: weighted or rrf.") var fusion = Fusion.Method.weighted
    @Option(help: "Fusion weights that replace the index's own, 0 for those not named: ngram=0.2,bm25=0.5.")
    var weights: String?
    @Option(help: "Passages that each retriever gives to the merge.") var depth = 100
    @Option(help: "BM25's k1.") var k1: Float = 0.9
    @Option(help: "BM25's b.") var b: Float = 0.4
    @Option(help: "What n-grams are generated with: trained or untrained (default: trained, where the index can).")
    var generator: NgramGeneratorKind?
    @Option(help: "The precision of a trained generator: float32, float16, bfloat16 or int8.")
    var generatorPrecision = Precision.int8
    @OptionGroup(title: "n-gram options") var ngram: NgramOptions
    @Option(help: "Docids: trained, or untrained ones, which are tree or rq (default: trained, where the index can).")
    var docids: DocidChoice?
    @Option(help: "The weight of BM25 in planning ahead of trained docids, 0 to 1 (default: the index's own).")
    var planAhead: Float?
    @Option(help: "Beams of the docid search.") var docidBeam = 100
    @Option(help: "How many of the merge's best the trained generator reranks, 0 for none (default: the index's own).")
    var rerank: Int?
    @Option(
        help: """
            What the query's likelihood and its late interaction with the passage weigh, 0 for what is not \
            named: likelihood=0.15,interaction=1 (default: the index's own, or these).
            """) var rerankWeights: String?

    func validate() throws {
        let numbers = [depth, docidBeam]
        guard numbers.allSatisfy({ (1...1_000_000).contains($0) }) else {
            throw ValidationError("numbers of beams, passages and tokens are 1 to 1000000")
        }
        guard k1 >= 0, (0...1).contains(b) else {
            throw ValidationError("--k1 is not negative and --b is between 0 and 1")
        }
        guard planAhead.map({ (0...1).contains($0) }) ?? true else {
            throw ValidationError("--plan-ahead is 0 to 1")
        }
        guard rerank.map({ (0...1_000_000).contains($0) }) ?? true else {
            throw ValidationError("--rerank is 0 to 1000000")
        }
        _ = try reranking()
        _ = try kinds()
        _ = try fusionWeights()
    }

    func kinds() throws -> Set<RetrieverKind>? {
        guard let retrievers else { return nil }
        let names = retrievers.split(separator: ",").map { $0.trimmingPrefix(" ") }
        let kinds = try names.map { name -> RetrieverKind in
            guard let kind = RetrieverKind(rawValue: String(name)) else {
                throw ValidationError("no retriever is called \"\(name)\"; there are ngram, docid, dense and bm25")
            }
            return kind
        }
        guard !kinds.isEmpty else { throw ValidationError("--retrievers names none") }
        return Set(kinds)
    }

    func fusionWeights() throws -> [RetrieverKind: Float]? {
        let found = try weights.map { try numbers($0, of: RetrieverKind.allCases.map(\.rawValue), such: "ngram=0.2,bm25=0.5") }
        return found.map { found in
            Dictionary(uniqueKeysWithValues: found.compactMap { name, weight in
                RetrieverKind(rawValue: name).map { ($0, weight) }
            })
        }
    }

    func reranking() throws -> Reranking.Weights? {
        let names = ["likelihood", "interaction"]
        let found = try rerankWeights.map { try numbers($0, of: names, such: "likelihood=0.15,interaction=1") }
        return found.map { .init(likelihood: $0[names[0]] ?? 0, interaction: $0[names[1]] ?? 0) }
    }

    /// Named weights, none of them negative.
    private func numbers(_ text: String, of names: [String], such example: String) throws -> [String: Float] {
        var result: [String: Float] = [:]
        for pair in text.split(separator: ",") {
            let parts = pair.split(separator: "=")
            guard parts.count == 2, names.contains(String(parts[0])), let weight = Float(parts[1]), weight >= 0,
                weight.isFinite
            else { throw ValidationError("\"\(pair)\" is no weight; write \(example)") }
            result[String(parts[0])] = weight
        }
        return result
    }

    func searchOptions(hits: Int) throws -> SearchOptions {
        var options = SearchOptions()
        options.k = hits
        if let kinds = try kinds() { options.retrievers = kinds }
        options.depth = depth
        options.fusionMethod = fusion
        options.fusionWeights = try fusionWeights()
        options.bm25.k1 = k1
        options.bm25.b = b
        options.ngramGenerator = generator
        options.ngram = try ngram.options(hits: hits)
        options.ngramTuning = ngram.tuning
        options.docids = docids.map { $0 == .trained ? .trained : .untrained }
        options.docid.scheme = docids == .rq ? .rq : .tree
        options.planAhead = planAhead
        options.docid.beams = docidBeam
        options.rerank = rerank
        options.rerankWeights = try reranking()
        return options
    }

    /// Opens an index and says what cannot run; an explicit wish that cannot be met is an error.
    func open(_ path: String) throws -> Engine {
        var needsEncoder = try kinds()?.contains(where: \.needsEncoder) ?? true
        if !needsEncoder, try kinds()?.contains(.ngram) == true, generator != .anchored {
            needsEncoder = try Engine.manifest(of: path).generator != nil
        }
        if let rerank, rerank > 0 { needsEncoder = true }
        let engine = try Engine.open(
            path, loadsEncoder: needsEncoder, generatorPrecision: generatorPrecision)
        guard let problem = engine.encoderProblem else { return engine }
        if docids != nil || planAhead != nil {
            throw EngineError.unavailable([.docid], reason: problem)
        }
        if let wanted = try kinds(), !wanted.isSubset(of: engine.availableRetrievers) {
            throw EngineError.unavailable(
                wanted.subtracting(engine.availableRetrievers).sorted(), reason: problem)
        }
        // An index that never had vectors said so when it was built.
        if try kinds() == nil, engine.manifest.encoder != nil {
            ErrorMessage.note("docid and dense do not run: \(problem)")
        }
        return engine
    }
}
