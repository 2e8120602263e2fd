"""Names and places in prose, found by the small model in `model/`.

Belongs here: loading the model, what it reads, and its labels with their scores. `prose.py` decides
what counts as a finding. docs/name-model.md says where the model comes from; `tests/name_model`
trains it.
"""

import json
import re
import threading
from collections.abc import Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

FOLDER = Path(__file__).parent / "model"
#: The model reads 512 tokens; one character may become several.
MAX_CHARACTERS = 480
_MAX_TOKENS = 510
#: The first two kinds, given name and surname, whose scores count together: that it is a name
#: matters more than which.
_PEOPLE = 2


class Label(NamedTuple):
    """One token of the text: its place, the model's label for it, and the score."""

    start: int
    end: int
    kind: str
    score: float


_WORDS = re.compile(r"[^\W_]+")


def shapes(text: str, offsets: Sequence[tuple[int, int]]) -> list[int]:
    """How the word of each token is written, since the tokens have lost it.

    1: Capital, 2: CAPITALS, 3: CapitalsWithin, 0: anything else.
    """
    found, words = [], _WORDS.finditer(text)
    word, shape, end = next(words, None), 0, 0
    for start, _ in offsets:
        while word is not None and start >= end:
            if word.end() > start:
                shape, end = _shape(word.group()), word.end()
                break
            word = next(words, None)
        found.append(shape if start < end and word is not None and start >= word.start() else 0)
    return found


def _shape(word: str) -> int:
    if word.islower() or not word.isalpha():
        return 3 if any(each.isupper() for each in word[1:]) else 0
    if word[1:].islower() or len(word) == 1:
        return int(word[0].isupper())
    return 2 if word.isupper() else 3


class NameModel:
    """The loaded model. One instance serves all threads of a process."""

    def __init__(self, folder: Path = FOLDER, file: Path | None = None) -> None:
        # Slow to import, and needed only when the model is loaded.
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        # One core per text: the desk's processes share the others.
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(
            file or folder / "model.onnx", options, providers=["CPUExecutionProvider"]
        )
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._first = self._tokenizer.token_to_id("[CLS]")
        self._last = self._tokenizer.token_to_id("[SEP]")
        names = json.loads((folder / "config.json").read_text())["id2label"]
        labels = [names[str(number)] for number in range(len(names))]
        self._kinds = list(dict.fromkeys(label[2:] for label in labels[1:]))

    def labels(self, text: str) -> list[Label]:
        """The model's labels for the tokens of `text`, without the tokens that are nothing."""
        encoding = self._tokenizer.encode(text, add_special_tokens=False)
        ids, offsets = encoding.ids, encoding.offsets
        written = shapes(text, offsets)
        found: list[Label] = []
        for start in range(0, len(ids), _MAX_TOKENS):
            part = slice(start, start + _MAX_TOKENS)
            found += self._classified(ids[part], offsets[part], written[part])
        return found

    def _classified(
        self, ids: Sequence[int], offsets: Sequence[tuple[int, int]], written: Sequence[int]
    ) -> list[Label]:
        import numpy as np  # slow to import

        row = np.array([[self._first, *ids, self._last]], dtype=np.int64)
        feed: dict[str, Any] = {
            "input_ids": row,
            "attention_mask": np.ones_like(row),
            "token_type_ids": np.array([[0, *written, 0]], dtype=np.int64),
        }
        logits = self._session.run(None, feed)[0][0, 1:-1]
        spread = np.exp(logits - logits.max(axis=-1, keepdims=True))
        spread /= spread.sum(axis=-1, keepdims=True)
        # Where an entity begins does not matter.
        kinds = spread[:, 1::2] + spread[:, 2::2]
        tokens = np.arange(len(kinds))
        people = kinds[:, :_PEOPLE]
        kinds[tokens, people.argmax(axis=-1)] = people.sum(axis=-1)
        best = kinds.argmax(axis=-1)
        return [
            Label(start, end, self._kinds[kind], float(score))
            for (start, end), kind, score in zip(offsets, best, kinds[tokens, best], strict=True)
            if score > 0.1 and end > start
        ]


_loading = threading.Lock()


@cache
def _load() -> NameModel:
    return NameModel()


@lru_cache(maxsize=1024)
def labelled(piece: str) -> list[Label]:
    """The model's labels for a piece of prose; loads the model at the first call."""
    with _loading:
        loaded = _load()
    return loaded.labels(piece)
