"""Dense search of the same vectors by FAISS and usearch, on one thread."""

import sys
import time

import numpy

folder, dimension = sys.argv[1], int(sys.argv[2])
vectors = numpy.fromfile(f"{folder}/vectors.f32", numpy.float32).reshape(-1, dimension)
queries = numpy.fromfile(f"{folder}/queries.f32", numpy.float32).reshape(-1, dimension)


def report(label, search, built, size, wanted=None):
    times, found = [], []
    for query in queries:
        start = time.perf_counter()
        found.append(search(query[None]))
        times.append(1000 * (time.perf_counter() - start))
    times.sort()
    recall = "" if wanted is None else (
        f" recall of the exact best 10 {numpy.mean([len(set(f) & set(w)) / 10 for f, w in zip(found, wanted)]):.4f}")
    print(f"{label:<40} build {built:7.1f} s {size:6.0f} bytes a vector  p50 {times[len(times) // 2]:7.2f} ms  "
          f"p95 {times[len(times) * 95 // 100]:7.2f} ms{recall}", flush=True)
    return found


import faiss

faiss.omp_set_num_threads(1)
flat = faiss.IndexFlatIP(dimension)
flat.add(vectors)
wanted = report("FAISS flat", lambda q: flat.search(q, 10)[1][0], 0, 4 * dimension)


def timed(build):
    start = time.perf_counter()
    build()
    return time.perf_counter() - start


for factory, probes in (("IVF4096,PQ96x4fs,RFlat", (16, 64)), ("IVF4096,SQ8", (16, 64, 128))):
    index = faiss.index_factory(dimension, factory, faiss.METRIC_INNER_PRODUCT)
    sample = vectors[:: max(1, len(vectors) // 150_000)]
    built = timed(lambda: (index.train(sample), index.add(vectors)))
    size = len(faiss.serialize_index(index)) / len(vectors)
    for probe in probes:
        faiss.extract_index_ivf(index).nprobe = probe
        report(f"FAISS {factory}, {probe} lists ({probe / 40.96:.1f} %)", lambda q: index.search(q, 10)[1][0], built, size,
               wanted)
    del index

from usearch.index import Index

count = min(len(vectors), int(sys.argv[3]) if len(sys.argv) > 3 else len(vectors))
graph = Index(ndim=dimension, metric="ip", dtype="i8", connectivity=16)
built = timed(lambda: graph.add(numpy.arange(count), vectors[:count], threads=1))
part = [set(found) for found in wanted] if count == len(vectors) else [
    set(numpy.argsort(-(vectors[:count] @ query))[:10]) for query in queries]
report(f"usearch HNSW int8, {count} vectors", lambda q: graph.search(q[0], 10).keys, built, graph.memory_usage / count, part)
