"""Times CTranslate2 on the models that seq2seq_models.py made.

    ct2_decode.py FOLDER NAME KIND THREADS     KIND is float32 or int8

Decoding: sources of 16 tokens, fifteen beams that are all returned, exactly ten new tokens, batches
of 1 and 8. Encoding, with one step of greedy decoding: 1 × 16 and 32 × 128 tokens. Prints a line a
workload:

    engine=ctranslate2 model=t5-small kind=int8 threads=1 task=decode batch=8 source=16
        ms=… min=… cpu=… runs=…          (on the same line)

where ms is the median of the whole batch, min the least, and cpu the least processor time, which
suffers less from other work on the machine. Needs `pip install ctranslate2 numpy`.
"""

import os
import sys
import time

BEAMS, NEW_TOKENS, SOURCE = 15, 10, 16
SECONDS = float(os.environ.get("SECONDS_EACH", 8))
FEWEST, MOST = 5, 40


def median(run):
    """Repeats a workload for some seconds: median, least, least processor time, and how often."""
    run(0)
    times, processor = [], []
    started = time.perf_counter()
    while len(times) < FEWEST or (time.perf_counter() - started < SECONDS and len(times) < MOST):
        before = time.perf_counter(), time.process_time()
        run(len(times))
        times.append(time.perf_counter() - before[0])
        processor.append(time.process_time() - before[1])
    times.sort()
    return times[len(times) // 2] * 1e3, times[0] * 1e3, min(processor) * 1e3, len(times)


def main(folder, name, kind, threads):
    # Read when the library is loaded.
    os.environ["OMP_NUM_THREADS"] = threads
    import ctranslate2
    import numpy

    translator = ctranslate2.Translator(
        f"{folder}/{name}-ct2-{kind}", device="cpu", compute_type=kind, inter_threads=1,
        intra_threads=int(threads))
    generator = numpy.random.default_rng(3)

    def sources(count, length):
        # The end token is one of them.
        return [[f"w{i}" for i in row] + ["</s>"]
                for row in generator.integers(10, 31_000, (count, length - 1))]

    def report(task, batch, length, measured):
        print(f"engine=ctranslate2 model={name} kind={kind} threads={threads} task={task} "
              f"batch={batch} source={length} ms={measured[0]:.2f} min={measured[1]:.2f} "
              f"cpu={measured[2]:.2f} runs={measured[3]}", flush=True)

    queries = sources(64, SOURCE)

    def decode(batch):
        def run(number):
            texts = [queries[(number * batch + i) % len(queries)] for i in range(batch)]
            results = translator.translate_batch(
                texts, beam_size=BEAMS, num_hypotheses=BEAMS, min_decoding_length=NEW_TOKENS,
                max_decoding_length=NEW_TOKENS, return_scores=True, max_batch_size=0)
            lengths = {len(h) for result in results for h in result.hypotheses}
            # An end token in the last place is not shown.
            assert lengths <= {NEW_TOKENS - 1, NEW_TOKENS}, lengths
        return run

    for batch in (1, 8):
        report("decode", batch, SOURCE, median(decode(batch)))
    for batch, length in ((1, SOURCE), (32, 128)):
        texts = sources(batch, length)
        report("encode", batch, length, median(lambda _: translator.translate_batch(
            texts, beam_size=1, min_decoding_length=1, max_decoding_length=1, max_batch_size=0)))


if __name__ == "__main__":
    main(*sys.argv[1:])
