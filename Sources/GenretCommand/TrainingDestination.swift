import ArgumentParser
import Foundation

/// Where a training goes: into a folder of weights, or to another program.
struct TrainingDestination: ParsableArguments {
    @Option(name: .shortAndLong, help: "Where the weights and the training's state go.") var output: String?
    @Option(
        help: """
            Do not train: write the training as a job into this folder, for genret_trainer, which runs it \
            with PyTorch.
            """) var export: String?

    func validate() throws {
        guard (output == nil) != (export == nil) else { throw ValidationError("name either --output or --export") }
    }

    /// Writes the job and says where it is.
    func export(_ write: (URL) throws -> Void) throws {
        guard let export else { return }
        try write(URL(filePath: export))
        print("\(export): a job; \"python -m genret_trainer \(export) -o FOLDER\" runs it")
    }
}
