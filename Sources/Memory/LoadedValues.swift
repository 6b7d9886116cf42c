import Synchronization

/// Values by their types that are made once, when they are first asked for: by one caller, while others who ask for the same
/// type wait, and those who ask for another do not. What failed is tried again by the next.
package final class LoadedValues: Sendable {
    private let cells = Mutex<[ObjectIdentifier: any Sendable]>([:])

    package init() {}

    package func value<Value: Sendable>(_ type: Value.Type, load: () throws -> Value) throws -> Value {
        try cell(type).value(load)
    }

    /// Gives a value that was made elsewhere.
    package func set<Value: Sendable>(_ value: Value) { cell(Value.self).set(value) }

    private func cell<Value: Sendable>(_ type: Value.Type) -> Cell<Value> {
        cells.withLock { cells in
            if let known = cells[ObjectIdentifier(type)] as? Cell<Value> { return known }
            let cell = Cell<Value>()
            cells[ObjectIdentifier(type)] = cell
            return cell
        }
    }

    private final class Cell<Value: Sendable>: Sendable {
        private let known = Mutex<Value?>(nil)

        func value(_ load: () throws -> Value) throws -> Value {
            try known.withLock { known in
                if let known { return known }
                let made = try load()
                known = made
                return made
            }
        }

        func set(_ value: Value) { known.withLock { $0 = value } }
    }
}
