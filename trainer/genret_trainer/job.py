"""A job's folder: `job.json`, `data.safetensors` and models, as docs/format.md describes."""

import hashlib
import json
import pathlib

from safetensors import SafetensorError
from safetensors.numpy import load_file

from .ragged import Ragged

FORMAT = 1


class JobError(Exception):
    """Why a job cannot be run, in one sentence."""


class Job:
    """A job with its data in memory.

    `kind` is what is trained, `plan` how long and how fast, `options` what the kind is told, `weights` the
    type of the weights that are written, `fingerprint` tells this job from others.
    """

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        path = self.folder / "job.json"
        try:
            text = path.read_bytes()
            members = json.loads(text)
            self.kind, self.plan = members["kind"], members["plan"]
            self.options, self.weights = members["options"], members["weights"]
            hashes, version = members["sha256"], members["format"]
        except OSError as error:
            raise JobError(f"{path}: {error.strerror}") from None
        except (ValueError, KeyError, TypeError):
            raise JobError(f"{path}: not a job of genret") from None
        if version != FORMAT:
            raise JobError(f"{path}: a job of format {version}, but this trainer runs format {FORMAT}")
        if self.weights not in ("F16", "F32"):
            raise JobError(f"{path}: weights of the type {self.weights} cannot be written")
        for name, digest in hashes.items():
            self._check(self.folder / name, digest)
        self.fingerprint = hashlib.sha256(text).hexdigest()
        try:
            self.data = load_file(self.folder / "data.safetensors")
        except (OSError, SafetensorError) as error:
            raise JobError(f"{self.folder / 'data.safetensors'}: {error}") from None

    @staticmethod
    def _check(path, digest):
        try:
            with open(path, "rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest() if hasattr(hashlib, "file_digest") \
                    else hashlib.sha256(file.read()).hexdigest()
        except OSError as error:
            raise JobError(f"{path}: {error.strerror}") from None
        if found != digest:
            raise JobError(f"{path}: not the file that job.json names")

    def array(self, name):
        """A tensor of the data, as numpy has it."""
        if name not in self.data:
            raise JobError(f"{self.folder / 'data.safetensors'}: there is no tensor {name}")
        return self.data[name]

    def ragged(self, name):
        """Sequences of the data."""
        return Ragged(self.array(name + ".tokens"), self.array(name + ".offsets"))

    def configuration(self, model):
        """The `config.json` of one of the job's models."""
        path = self.folder / model / "config.json"
        try:
            return json.loads(path.read_bytes())
        except OSError as error:
            raise JobError(f"{path}: {error.strerror}") from None
        except ValueError:
            raise JobError(f"{path}: not JSON") from None
