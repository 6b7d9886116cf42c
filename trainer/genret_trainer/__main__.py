"""`python -m genret_trainer JOB -o FOLDER`, or the same under torchrun."""

import argparse
import os
import sys

import torch
from torch import distributed

from .dense import DenseTask
from .job import Job, JobError
from .loop import Run
from .ngram import NgramTask

KINDS = {"ngram": NgramTask, "dense": DenseTask}


def device_of_process(name):
    """The device that is named, or this process' own GPU where there is one."""
    if name:
        return torch.device(name)
    if torch.cuda.is_available():
        return torch.device("cuda", int(os.environ.get("LOCAL_RANK", 0)))
    return torch.device("cpu")


def main():
    parser = argparse.ArgumentParser(prog="genret_trainer", description="Run a training that genret exported.")
    parser.add_argument("job", help="the folder that `genret train ... --export` wrote")
    parser.add_argument("-o", "--output", required=True, help="where the weights and the training's state go")
    parser.add_argument("--device", help="such as cpu or cuda:1; the standard is a GPU where there is one")
    parser.add_argument("-q", "--quiet", action="store_true", help="no progress")
    options = parser.parse_args()
    try:
        device = device_of_process(options.device)
        if device.type == "cuda":
            torch.cuda.set_device(device)
        if int(os.environ.get("WORLD_SIZE", 1)) > 1:
            distributed.init_process_group("nccl" if device.type == "cuda" else "gloo")
        job = Job(options.job)
        if job.kind not in KINDS:
            raise JobError(f"{options.job}: this trainer knows no jobs of the kind {job.kind}")
        Run(job, KINDS[job.kind](job, device), options.output, device, options.quiet).run()
    except JobError as error:
        print(f"genret_trainer: {error}", file=sys.stderr)
        return 1
    finally:
        if distributed.is_initialized():
            distributed.destroy_process_group()
    return 0


if __name__ == "__main__":
    sys.exit(main())
