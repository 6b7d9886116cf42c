/// How well clusters part their points (Rousseeuw 1987).
package enum Silhouette {
    /// The mean over points of (b - a) / max(a, b): a is a point's mean distance to the others of its cluster, b the least mean distance to
    /// another cluster; 0 for a point alone in its cluster. -1 to 1.
    ///
    /// - Complexity: O(points² dimension).
    package static func mean(of points: [[Float]], _ clusters: [Int]) -> Double {
        let count = (clusters.max() ?? -1) + 1
        guard count > 1 else { return 0 }
        let sizes = clusters.reduce(into: [Int](repeating: 0, count: count)) { $0[$1] += 1 }
        var sum = 0.0
        for (place, point) in points.enumerated() {
            let own = clusters[place]
            guard sizes[own] > 1 else { continue }
            var distances = [Double](repeating: 0, count: count)
            for (other, cluster) in zip(points, clusters) { distances[cluster] += distance(point, other) }
            let inside = distances[own] / Double(sizes[own] - 1)
            let outside =
                (0..<count).filter { $0 != own && sizes[$0] > 0 }.map { distances[$0] / Double(sizes[$0]) }
                .min() ?? inside
            let larger = max(inside, outside)
            if larger > 0 { sum += (outside - inside) / larger }
        }
        return sum / Double(points.count)
    }

    private static func distance(_ a: [Float], _ b: [Float]) -> Double {
        zip(a, b).reduce(0) { $0 + (Double($1.0) - Double($1.1)) * (Double($1.0) - Double($1.1)) }.squareRoot()
    }
}
