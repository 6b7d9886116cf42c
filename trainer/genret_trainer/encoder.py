"""The encoder whose states a generator reads."""

import os

import torch
from transformers import AutoModel

STANDARD_CACHE = os.path.join(
    os.environ.get("XDG_CACHE_HOME", os.path.expanduser("~/.cache")), "genret", "models")


def load_encoder(name):
    """The encoder of a folder, or of that name in genret's model cache."""
    folder = name if os.path.isdir(name) else os.path.join(STANDARD_CACHE, name)
    return AutoModel.from_pretrained(folder, add_pooling_layer=False)


def words(encoder):
    return encoder.embeddings.word_embeddings.weight.detach()


@torch.no_grad()
def states(encoder, ids, mask):
    return encoder(input_ids=ids, attention_mask=mask.long()).last_hidden_state
