"""Writes rankings.json: correlations of lists of numbers by scipy, and trec_eval's measures over judged passages only.

Needs pytrec_eval-terrier and scipy; run it in this folder. The same seed gives the same file.
"""

import json
import random

import pytrec_eval
from scipy import stats

MEASURES = {"map", "recip_rank", "ndcg", "Rprec", "bpref", "ndcg_cut.5,10", "recall.5,10", "P.5,10"}


def correlations(generator):
    for size, values in [(2, 9), (3, 2), (7, 100), (8, 3), (31, 5), (64, 10**6), (65, 12), (200, 30)]:
        first = [generator.randrange(values) for _ in range(size)]
        second = [generator.choice([value, generator.randrange(values)]) for value in first]
        tau = float(stats.kendalltau(first, second).statistic)
        if tau == tau:
            yield {"first": first, "second": second, "tauB": tau}


def judged_only(generator):
    documents = [f"d{number}" for number in range(40)]
    qrels, run = {}, {}
    for query in map(str, range(12)):
        qrels[query] = {document: generator.choice([-1, 0, 0, 1, 2]) for document in generator.sample(documents, 12)}
        found = generator.sample(documents, generator.randint(1, 30))
        run[query] = {document: generator.randrange(8) * 0.5 for document in found}
    evaluator = pytrec_eval.RelevanceEvaluator(qrels, MEASURES, judged_docs_only_flag=True)
    return {"level": 1, "qrels": qrels, "run": run, "expected": evaluator.evaluate(run)}


def main():
    generator = random.Random(20261201)
    content = {"correlations": list(correlations(generator)), "judgedOnly": judged_only(generator)}
    with open("rankings.json", "w") as file:
        json.dump(content, file, separators=(",", ":"), sort_keys=True)
        file.write("\n")


if __name__ == "__main__":
    main()
