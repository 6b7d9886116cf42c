import Foundation
import Tensors

/// The parameters of a model, by their names in its file.
public final class ParameterStore {
    /// In the order in which they were added.
    public private(set) var parameters: [Parameter] = []
    private var index: [String: Int] = [:]

    public init() {}

    public subscript(name: String) -> Parameter? { index[name].map { parameters[$0] } }

    /// The number of elements that are trained.
    public var trainedCount: Int { trained.reduce(0) { $0 + $1.count } }

    /// The parameters that are not frozen.
    public var trained: [Parameter] { parameters.filter { !$0.isFrozen } }

    /// Adds a parameter, whose name must be new.
    @discardableResult public func add(_ parameter: Parameter) -> Parameter {
        precondition(index[parameter.name] == nil, "two parameters are named \(parameter.name)")
        index[parameter.name] = parameters.count
        parameters.append(parameter)
        return parameter
    }

    /// Adds a new parameter with chosen elements.
    @discardableResult public func add(
        _ name: String, shape: [Int], _ initialization: Initialization, seed: UInt64
    ) -> Parameter {
        let parameter = Parameter(name: name, shape: shape)
        initialization.fill(parameter, seed: seed)
        return add(parameter)
    }

    /// Forgets all gradients.
    public func clearGradients() {
        for parameter in parameters { parameter.clearGradient() }
    }
}
