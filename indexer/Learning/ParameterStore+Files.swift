import Foundation
import Memory
import Storage
import Transformers

extension ParameterStore {
    /// Reads a tensor of a checkpoint, F32 or 16 bits wide, as a new parameter.
    ///
    /// - Throws: ``ModelError`` when there is no such tensor or its shape is another.
    @discardableResult package func load(
        _ name: String, shape: [Int], from file: Safetensors, isFrozen: Bool = false
    ) throws(ModelError) -> Parameter {
        let floats = try file.floats(name, shape: shape)
        let parameter = Parameter(name: name, shape: shape, isFrozen: isFrozen)
        parameter.copy(floats)
        return add(parameter)
    }

    /// Replaces the elements of every parameter by the tensor of the same name.
    ///
    /// - Throws: ``ModelError`` when one is missing or has another shape; some may then have been
    ///   replaced.
    package func load(from file: Safetensors) throws(ModelError) {
        for parameter in parameters {
            parameter.copy(try file.floats(parameter.name, shape: parameter.shape))
        }
    }

    /// Writes all parameters, frozen ones included, as a safetensors file that appears whole.
    ///
    /// - Throws: ``ModelError`` when the file cannot be written.
    package func write(
        to url: URL, as type: Safetensors.ElementType = .float32
    ) throws(ModelError) {
        var writer = SafetensorsWriter()
        add(to: &writer, as: type)
        try writer.write(to: url)
    }

    /// Adds all parameters to a file, frozen ones included.
    package func add(to writer: inout SafetensorsWriter, as type: Safetensors.ElementType) {
        for parameter in parameters { writer.add(parameter, as: type) }
    }
}

extension SafetensorsWriter {
    /// Adds a parameter's elements.
    mutating func add(_ parameter: Parameter, as type: Safetensors.ElementType = .float32) {
        add(
            parameter.name, shape: parameter.shape,
            FrozenArray(base: parameter.values.base, count: parameter.count, owner: parameter.values),
            as: type)
    }
}

extension Parameter {
    /// A parameter with the elements of an array, which are copied.
    package convenience init(name: String, shape: [Int], _ floats: FrozenArray<Float>, isFrozen: Bool, rate: Float = 1)
    {
        self.init(name: name, shape: shape, isFrozen: isFrozen, rate: rate)
        copy(floats)
    }

    /// Replaces the elements.
    func copy(_ floats: FrozenArray<Float>) {
        precondition(floats.count == count)
        floats.withUnsafeBuffer { source in
            update { _ = $0.update(fromContentsOf: source) }
        }
    }
}
