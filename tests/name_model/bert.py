"""The architecture of the name model in PyTorch, with the names that its ONNX file uses.

Belongs here: what is trained. `onnx_file.py` reads and writes the weights.
"""

import math

import torch
from torch import Tensor, nn
from torch.nn.functional import gelu, scaled_dot_product_attention

WIDTH, HEADS, LAYERS, INNER, LABELS = 384, 12, 6, 1536, 35
WORDS, PLACES, SHAPES = 19730, 512, 4
_DROPPED = 0.1


class Embeddings(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.word_embeddings = nn.Embedding(WORDS, WIDTH)
        self.position_embeddings = nn.Embedding(PLACES, WIDTH)
        self.token_type_embeddings = nn.Embedding(SHAPES, WIDTH)
        self.LayerNorm = nn.LayerNorm(WIDTH, eps=1e-12)

    def forward(self, ids: Tensor, shapes: Tensor) -> Tensor:
        places = torch.arange(ids.shape[1])
        found = self.word_embeddings(ids) + self.position_embeddings(places)
        return self.LayerNorm(found + self.token_type_embeddings(shapes))


class Layer(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.query = nn.Linear(WIDTH, WIDTH)
        self.key = nn.Linear(WIDTH, WIDTH)
        self.value = nn.Linear(WIDTH, WIDTH)
        self.out = nn.Linear(WIDTH, WIDTH)
        self.out_norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.inner = nn.Linear(WIDTH, INNER)
        self.outer = nn.Linear(INNER, WIDTH)
        self.outer_norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.drop = nn.Dropout(_DROPPED)

    def forward(self, found: Tensor, mask: Tensor) -> Tensor:
        rows, length, _ = found.shape

        def heads(each: Tensor) -> Tensor:
            return each.view(rows, length, HEADS, WIDTH // HEADS).transpose(1, 2)

        seen = scaled_dot_product_attention(
            heads(self.query(found)),
            heads(self.key(found)),
            heads(self.value(found)),
            attn_mask=mask,
            scale=1 / math.sqrt(WIDTH // HEADS),
        )
        seen = self.out(seen.transpose(1, 2).reshape(rows, length, WIDTH))
        found = self.out_norm(found + self.drop(seen))
        return self.outer_norm(found + self.drop(self.outer(gelu(self.inner(found)))))


class NameModel(nn.Module):
    """From token ids and the shape of each token's word to 35 logits per token."""

    def __init__(self) -> None:
        super().__init__()
        self.embeddings = Embeddings()
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        self.drop = nn.Dropout(_DROPPED)
        self.classifier = nn.Linear(WIDTH, LABELS)

    def forward(self, ids: Tensor, shapes: Tensor, mask: Tensor) -> Tensor:
        """`mask` is true for the tokens that are no padding."""
        found = self.drop(self.embeddings(ids, shapes))
        for layer in self.layers:
            found = layer(found, mask[:, None, None, :])
        return self.classifier(self.drop(found))
