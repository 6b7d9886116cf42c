"""Writes trec_eval.json: random runs and judgements with what trec_eval and scipy make of them.

Needs pytrec_eval, numpy and scipy; run it in this folder. The same seed gives the same file.
"""

import json
import random

import numpy
import pytrec_eval
from scipy import stats

MEASURES = {
    "map", "recip_rank", "ndcg", "Rprec", "bpref",
    "ndcg_cut.5,10,20,100", "recall.5,10,20,100,1000", "P.1,5,10,20,100", "success.1,5,10,100",
}


def judgements(generator, documents, queries):
    qrels = {}
    for query in range(queries):
        grades = [0] if query % 9 == 8 else [-1, 0, 0, 0, 1, 1, 2, 3]
        judged = generator.sample(documents, generator.randint(1, 25))
        qrels[f"q{query}"] = {document: generator.choice(grades) for document in judged}
    return qrels


def ranking(generator, documents, judged, spread, depth):
    run = {}
    for query, grades in judged.items():
        if generator.random() < 0.1:
            continue
        chosen = generator.sample(documents, generator.randint(1, depth))
        chosen += [d for d in grades if d not in chosen and generator.random() < 0.6]
        scores = {}
        for document in chosen:
            lift = max(grades.get(document, 0), 0)
            # Few different values make many ties. pytrec_eval is built on trec_eval 9, which compares in
            # single precision, and trec_eval 10 in double: single scores mean the same to both.
            value = round(generator.gauss(lift, 1.5) * spread) / spread + 20
            scores[document] = float(numpy.float32(value + generator.choice([0, 0, 1e-9])))
        run[query] = scores
    run["never-judged"] = {documents[0]: 1.0}
    return run


def main():
    generator = random.Random(20240611)
    cases = []
    for spread, depth, level in [(1, 30, 1), (2, 120, 1), (1000, 40, 2), (1, 8, 3)]:
        documents = [f"d{number}" for number in range(150)] + ["dé", "d漢", "D1", "d-1", "d_1"]
        qrels = judgements(generator, documents, 14)
        run = ranking(generator, documents, qrels, spread, depth)
        evaluator = pytrec_eval.RelevanceEvaluator(qrels, MEASURES, relevance_level=level)
        expected = evaluator.evaluate(run)
        # MRR@10 is the reciprocal rank unless the first relevant passage is below rank ten.
        for values in expected.values():
            rank = values["recip_rank"]
            values["recip_rank_cut_10"] = rank if rank >= 0.0999 else 0.0
        cases.append({"level": level, "qrels": qrels, "run": run, "expected": expected})
    samples = []
    noise = numpy.random.default_rng(7)
    for count, shift in [(2, 0.3), (3, 0.0), (5, 0.5), (10, 0.05), (30, 0.02), (50, 0.1), (400, 0.004)]:
        first = numpy.round(noise.random(count), 4)
        second = numpy.round(first + noise.normal(shift, 0.1, count), 4)
        test = stats.ttest_rel(second, first)
        permuted = stats.permutation_test(
            (second, first), lambda a, b: numpy.mean(a - b), permutation_type="samples",
            n_resamples=20000, random_state=1)
        samples.append({
            "first": first.tolist(), "second": second.tolist(), "t": float(test.statistic),
            "p": float(test.pvalue), "permutation": float(permuted.pvalue),
        })
    students = [
        {"t": t, "degrees": d, "p": float(2 * stats.t.sf(t, d))}
        for t in [0.0, 1e-3, 0.5, 1.0, 2.0, 5.0, 12.0, 40.0] for d in [1, 2, 3, 10, 49, 1000]
    ]
    with open("trec_eval.json", "w", encoding="utf-8") as file:
        json.dump({"cases": cases, "samples": samples, "students": students}, file,
                  ensure_ascii=False, separators=(",", ":"))
        file.write("\n")


if __name__ == "__main__":
    main()
