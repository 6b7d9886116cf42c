import Foundation
import Memory
import Rerankers
import Search
import Tensors
import Transformers

/// Orders a search's best by a model that reads their texts, as a ``RerankSpec`` says. It is asked for by name: no index
/// has one of its own, and it takes seconds where others take milliseconds.
struct ModelReranker: Reranker {
    let id: ComponentID
    let comparesCandidates = true
    private let method: any RerankMethod
    private let reader: IndexReader

    /// Reads the model.
    ///
    /// - Throws: ``EngineError/option(_:)`` where there is no such method or model, or they do not fit.
    init(_ text: String, _ reader: IndexReader) throws(EngineError) {
        self.reader = reader
        do {
            let spec = try RerankSpec(text)
            // An index's own rerankers have some of the names.
            id = ComponentID("model-" + spec.method)
            let name = spec.model ?? RerankSpec.usualModel
            guard let place = reader.models.directory(of: name) ?? Self.path(name) else {
                throw RerankSpec.Fault(description: "the model \(name) is not installed")
            }
            let model = try RerankModel(contentsOf: place, precision: reader.precision, threads: reader.threads)
            method = try RerankMethods.make(spec.method, model, spec.options)
        } catch let error as ModelError {
            throw .other("\(error)")
        } catch {
            throw .option(Self.fault(error))
        }
    }

    private static func path(_ name: String) -> URL? {
        FileManager.default.fileExists(atPath: name) ? URL(filePath: name) : nil
    }

    static func fault(_ error: any Error) -> OptionFault {
        OptionFault("rerankWith", "a method, METHOD or METHOD:MODEL: \(error)")
    }

    /// What the method says; where it orders and does not score, places from the end.
    func scores(of candidates: [PassageIndex], for query: Query) throws -> [Float] {
        let texts = try candidates.map { passage in
            let text = try reader.passage(passage)
            return RerankCandidate(id: text.id, title: text.title, text: text.text)
        }
        let outcome = try method.rerank(query.text, texts, RerankWork(cancellation: query.cancellation))
        let isScored = outcome.entries.allSatisfy { $0.score != nil }
        var scores = [Float](repeating: 0, count: candidates.count)
        for (rank, entry) in outcome.entries.enumerated() {
            scores[entry.place] = isScored ? Float(entry.score ?? 0) : -Float(rank)
        }
        return scores
    }
}
