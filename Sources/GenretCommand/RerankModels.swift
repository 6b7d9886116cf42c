import Foundation
import Memory
import Rerankers
import Tensors
import Transformers

/// The models that methods rerank with, each read once.
final class RerankModels {
    private let precision: Precision
    private let threads: Int
    private let sharesPrefixes: Bool
    private var known: [String: RerankModel] = [:]

    init(precision: Precision, threads: Int, sharesPrefixes: Bool) {
        (self.precision, self.threads, self.sharesPrefixes) = (precision, threads, sharesPrefixes)
    }

    func method(_ spec: RerankSpec) throws -> any RerankMethod {
        do {
            return try RerankMethods.make(spec.method, model(spec.modelName), spec.options)
        } catch let error as ModelError {
            throw error
        } catch let error as ErrorMessage.Failure {
            throw error
        } catch {
            throw ErrorMessage.Failure(sentence: "\(spec): \(error)", code: 64)
        }
    }

    func model(_ name: String) throws -> RerankModel {
        if let model = known[name] { return model }
        let model = try RerankModel(
            contentsOf: ModelPlace(name).url, precision: precision, threads: threads, sharesPrefixes: sharesPrefixes)
        known[name] = model
        return model
    }
}
