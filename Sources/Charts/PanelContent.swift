/// What can stand in a panel.
package protocol PanelContent: Sendable {
    /// The height that it takes, in units of a drawing ``Panel/width`` wide.
    var height: Double { get }

    /// Draws itself from `top` downwards.
    func draw(top: Double, into svg: inout SVGWriter)
}
