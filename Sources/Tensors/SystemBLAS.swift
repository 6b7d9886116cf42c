#if !canImport(Accelerate)
import Foundation

#if canImport(Glibc)
import Glibc
#endif

/// The system's BLAS, loaded when a machine first needs it: one without vector instructions that the
/// package's own kernel knows.
///
/// A library that is linked starts its threads before the program does, and hangs or kills it where limits
/// leave no room for them.
enum SystemBLAS {
    typealias Sgemm =
        @convention(c) (
            _ order: Int32, _ transA: Int32, _ transB: Int32, _ m: Int32, _ n: Int32, _ k: Int32, _ alpha: Float,
            _ a: UnsafePointer<Float>, _ lda: Int32, _ b: UnsafePointer<Float>, _ ldb: Int32, _ beta: Float,
            _ c: UnsafeMutablePointer<Float>, _ ldc: Int32
        ) -> Void

    /// The values of CBLAS's enumerations.
    static let rowMajor: Int32 = 101, plain: Int32 = 111, transposed: Int32 = 112

    /// `cblas_sgemm`; nil where there is no such library.
    static let sgemm: Sgemm? = library.flatMap { dlsym($0, "cblas_sgemm") }.map { unsafeBitCast($0, to: Sgemm.self) }

    /// LAPACK's `dgelsd`, which Fortran calls by address; nil where there is no such library. Debian's OpenBLAS has all of LAPACK.
    static let dgelsd: Dgelsd? = library.flatMap { dlsym($0, "dgelsd_") }.map { unsafeBitCast($0, to: Dgelsd.self) }

    typealias Dgelsd =
        @convention(c) (
            _ m: UnsafePointer<Int32>, _ n: UnsafePointer<Int32>, _ rightHandSides: UnsafePointer<Int32>,
            _ a: UnsafeMutablePointer<Double>, _ lda: UnsafePointer<Int32>, _ b: UnsafeMutablePointer<Double>,
            _ ldb: UnsafePointer<Int32>, _ singularValues: UnsafeMutablePointer<Double>,
            _ cutoff: UnsafePointer<Double>, _ rank: UnsafeMutablePointer<Int32>, _ work: UnsafeMutablePointer<Double>,
            _ lwork: UnsafePointer<Int32>, _ iwork: UnsafeMutablePointer<Int32>, _ info: UnsafeMutablePointer<Int32>
        ) -> Void

    /// What the library says of itself.
    static var description: String {
        guard let library, sgemm != nil else { return "no BLAS library is installed" }
        typealias Configuration = @convention(c) () -> UnsafePointer<CChar>?
        guard let symbol = dlsym(library, "openblas_get_config"),
            let words = unsafeBitCast(symbol, to: Configuration.self)()
        else { return "a BLAS that does not tell its version" }
        return String(cString: words)
    }

    nonisolated(unsafe) private static let library: UnsafeMutableRawPointer? = {
        // Threads are ours: we divide the work by batches, so that results do not depend on them.
        setenv("OPENBLAS_NUM_THREADS", "1", 1)
        for name in ["libopenblas.so.0", "libopenblas.so", "libcblas.so.3"] {
            guard let library = dlopen(name, RTLD_NOW | RTLD_LOCAL) else { continue }
            if dlsym(library, "cblas_sgemm") != nil { return library }
        }
        return nil
    }()
}
#endif
