/// Places of labels beside points anywhere in a plot.
package enum PointLabels {
    /// A label for a point.
    package struct Wish: Sendable {
        package let x: Double
        package let y: Double
        package let width: Double
        package let height: Double

        package init(x: Double, y: Double, width: Double, height: Double) {
            self.x = x
            self.y = y
            self.width = width
            self.height = height
        }
    }

    /// A box for each label: near its point, inside the frame, over no obstacle and no other label.
    ///
    /// The first places in order of preference that go together; nil where none are found in some thousand tries.
    package static func boxes(_ wishes: [Wish], obstacles: [Box], within frame: Box) -> [Box]? {
        let choices = wishes.map { wish in
            candidates(wish).filter { box in box.isInside(frame) && !obstacles.contains { $0.overlaps(box) } }
        }
        var placed: [Box] = []
        var tries = 0
        return place(choices, &placed, &tries) ? placed : nil
    }

    private static let mostTries = 20_000

    /// Places the next label and all after it, or takes the next choice.
    private static func place(_ choices: [[Box]], _ placed: inout [Box], _ tries: inout Int) -> Bool {
        guard placed.count < choices.count else { return true }
        for box in choices[placed.count] {
            tries += 1
            guard tries < mostTries else { return false }
            guard !placed.contains(where: { $0.overlaps(box) }) else { continue }
            placed.append(box)
            if place(choices, &placed, &tries) { return true }
            placed.removeLast()
        }
        return false
    }

    /// Right, left, above and below first, then further away.
    private static func candidates(_ wish: Wish) -> [Box] {
        let (w, h) = (wish.width, wish.height)
        return [7.0, 14, 22, 32, 44].flatMap { gap -> [(Double, Double)] in
            [
                (wish.x + gap, wish.y - h / 2), (wish.x - gap - w, wish.y - h / 2),
                (wish.x - w / 2, wish.y - gap - h), (wish.x - w / 2, wish.y + gap),
                (wish.x + gap, wish.y - gap - h), (wish.x + gap, wish.y + gap),
                (wish.x - gap - w, wish.y - gap - h), (wish.x - gap - w, wish.y + gap),
                (wish.x - w, wish.y - gap - h), (wish.x - w, wish.y + gap),
            ]
        }.map { Box(x: $0.0, y: $0.1, width: w, height: h) }
    }
}
