"""Parameters by the names in their file."""

import os
import pathlib

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import nn

from .job import JobError


class Weights(nn.Module):
    """Parameters under the names of a safetensors file, which have dots."""

    def __init__(self, tensors, is_frozen=lambda name: False):
        super().__init__()
        self.names = list(tensors)
        for name, tensor in tensors.items():
            parameter = nn.Parameter(tensor.to(torch.float32).clone(), requires_grad=not is_frozen(name))
            self.register_parameter(self._key(name), parameter)

    @staticmethod
    def _key(name):
        return name.replace(".", "/")

    def __getitem__(self, name):
        return getattr(self, self._key(name))

    def items(self):
        return [(name, self[name]) for name in self.names]

    def trained(self):
        """Names and parameters of what is trained."""
        return [(name, parameter) for name, parameter in self.items() if parameter.requires_grad]


def load(path, shapes=None):
    """The tensors of a safetensors file; with `shapes`, those and no others."""
    try:
        with safe_open(path, framework="pt") as file:
            names = file.keys() if shapes is None else shapes
            tensors = {name: file.get_tensor(name) for name in names}
    except (OSError, SafetensorError) as error:
        raise JobError(f"{path}: {error}") from None
    for name, shape in (shapes or {}).items():
        if tuple(tensors[name].shape) != tuple(shape):
            raise JobError(f"{path}: the tensor {name} has the shape {list(tensors[name].shape)}; expected {list(shape)}")
    return tensors


def save(tensors, path, metadata=None):
    """Writes a safetensors file that appears whole."""
    path = pathlib.Path(path)
    partial = path.with_name(f".{path.name}.partial")
    save_file({n: t.detach().cpu().contiguous() for n, t in tensors.items()}, partial, metadata)
    with open(partial, "rb+") as file:
        os.fsync(file.fileno())
    os.replace(partial, path)


def save_model(weights, path, kind):
    """Writes weights as F16 or F32."""
    dtype = {"F16": torch.float16, "F32": torch.float32}[kind]
    save({name: parameter.to(dtype) for name, parameter in weights.items()}, path)
