import Foundation
import Tensors

/// The parameters of a model, by their names in its file.
package final class ParameterStore {
    /// In the order in which they were added.
    package private(set) var parameters: [Parameter] = []
    private var index: [String: Int] = [:]

    package init() {}

    package subscript(name: String) -> Parameter? { index[name].map { parameters[$0] } }

    /// The parameters that are not frozen.
    package var trained: [Parameter] { parameters.filter { !$0.isFrozen } }

    /// Adds a parameter, whose name must be new.
    @discardableResult package func add(_ parameter: Parameter) -> Parameter {
        precondition(index[parameter.name] == nil, "two parameters are named \(parameter.name)")
        index[parameter.name] = parameters.count
        parameters.append(parameter)
        return parameter
    }

    /// Adds a new parameter with chosen elements.
    @discardableResult package func add(
        _ name: String, shape: [Int], _ initialization: Initialization, seed: UInt64
    ) -> Parameter {
        let parameter = Parameter(name: name, shape: shape)
        initialization.fill(parameter, seed: seed)
        return add(parameter)
    }

    /// Forgets all gradients.
    package func clearGradients() {
        for parameter in parameters { parameter.clearGradient() }
    }
}
