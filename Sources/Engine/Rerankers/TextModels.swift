import Foundation
import Rerankers
import Search
import Synchronization
import Transformers

/// The language models that methods of an index's searches ask, each read once.
struct TextModels: LoadedOnce {
    private let models: ModelCache
    private let read: @Sendable (URL) throws -> RerankModel
    private let known = Known()

    init(loading index: IndexReader) {
        let (precision, threads) = (index.precision, index.threads)
        models = index.models
        read = { try RerankModel(contentsOf: $0, precision: precision, threads: threads) }
    }

    /// A method with its model.
    ///
    /// - Throws: ``EngineError/option(_:)`` where there is no such method or model, or they do not fit.
    func method(_ text: String) throws(EngineError) -> (spec: RerankSpec, method: any RerankMethod) {
        do {
            let spec = try RerankSpec(text)
            let name = try spec.modelName
            guard let place = models.directory(of: name) ?? Self.path(name) else {
                throw RerankSpec.Fault(description: "the model \(name) is not installed")
            }
            let model = try known.models.withLock { models in
                if let model = models[place] { return model }
                let model = try read(place)
                models[place] = model
                return model
            }
            return (spec, try RerankMethods.make(spec.method, model, spec.options))
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

    private final class Known: Sendable {
        let models = Mutex<[URL: RerankModel]>([:])
    }
}
