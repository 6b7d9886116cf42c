@_exported import Memory

/// Sizes at which word, block and cache-line structures go wrong first.
package let boundarySizes = [0, 1, 2, 3, 63, 64, 65, 127, 128, 129, 447, 448, 449, 895, 896, 897, 1500]
