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
    /// Greedy, in order; nil where a label finds no place.
    package static func boxes(_ wishes: [Wish], obstacles: [Box], within frame: Box) -> [Box]? {
        var placed: [Box] = []
        for wish in wishes {
            let box = candidates(wish).first { box in
                box.isInside(frame) && !obstacles.contains { $0.overlaps(box) } && !placed.contains { $0.overlaps(box) }
            }
            guard let box else { return nil }
            placed.append(box)
        }
        return placed
    }

    /// Right, left, above and below first, then further away.
    private static func candidates(_ wish: Wish) -> [Box] {
        let (w, h) = (wish.width, wish.height)
        return [7.0, 14, 22, 32].flatMap { gap -> [(Double, Double)] in
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
