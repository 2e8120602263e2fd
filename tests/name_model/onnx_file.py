"""The weights of the name model, between its ONNX file and PyTorch.

The original has four bits per weight. The desk's own has eight, and multiplies whole numbers, which
takes half the time. The weights are unsigned, with 128 for zero: with signed ones, a processor with
AVX2 but without VNNI adds pairs of products in sixteen bits, with saturation, so that another
machine missed other names in the same text. Products of two unsigned bytes are added in 32 bits
everywhere.
"""

from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from onnx import helper, numpy_helper

from .bert import NameModel

_FOUR_BITS, EIGHT_BITS = "MatMulNBits", "DynamicQuantizeMatMul"
#: Represents zero among the unsigned weights.
ZERO = 128
_PARTS = {
    "attention/self/query": "query",
    "attention/self/key": "key",
    "attention/self/value": "value",
    "attention/output/dense": "out",
    "attention/output/LayerNorm": "out_norm",
    "intermediate/dense": "inner",
    "output/dense": "outer",
    "output/LayerNorm": "outer_norm",
}
_TABLES = ("word_embeddings", "position_embeddings", "token_type_embeddings")


def read(path: Path) -> NameModel:
    """The model in the original file, its weights as floating point."""
    graph = onnx.load(path).graph
    stored = {each.name: each for each in graph.initializer}
    state: dict[str, Any] = {}
    for name, tensor in stored.items():
        if name.endswith((".bias", ".weight")):
            state[_ours(name)] = numpy_helper.to_array(tensor)
    for node in graph.node:
        if node.op_type == _FOUR_BITS:
            arrays = [numpy_helper.to_array(stored[name]) for name in node.input[1:]]
            state[_ours(_their_name(node.name))] = _spread(arrays, node)
    model = NameModel()
    for table in _TABLES:
        whole, zero, scale = (
            numpy_helper.to_array(stored[f"bert.embeddings.{table}.weight_{part}"])
            for part in ("quantized", "zero_point", "scale")
        )
        weights = (whole.astype(np.float32) - zero) * scale
        if table == "token_type_embeddings":
            # The original knows one kind of token; each shape of a word begins as that one.
            weights = weights[:1].repeat(model.embeddings.token_type_embeddings.num_embeddings, 0)
        state[f"embeddings.{table}.weight"] = weights
    model.load_state_dict({name: torch.tensor(array) for name, array in state.items()})
    return model


def write(model: NameModel, original: Path, path: Path) -> None:
    """The original's graph with this model's weights, in eight bits."""
    file = onnx.load(original)
    graph = file.graph
    stored = {each.name: each for each in graph.initializer}
    state = {name: each.detach().numpy() for name, each in model.state_dict().items()}
    for name, tensor in stored.items():
        if name.endswith((".bias", ".weight")):
            tensor.CopyFrom(numpy_helper.from_array(state[_ours(name)], name))
    for node in graph.node:
        if node.op_type != _FOUR_BITS:
            continue
        product, weights, scales, *_ = node.input
        real = state[_ours(_their_name(node.name))].T
        scale = np.abs(real).max(axis=0) / 127
        whole = (np.clip(np.round(real / scale), -127, 127) + ZERO).astype(np.uint8)
        stored[weights].CopyFrom(numpy_helper.from_array(whole, weights))
        stored[scales].CopyFrom(numpy_helper.from_array(scale.astype(np.float32), scales))
        nothing = np.full(scale.shape, ZERO, dtype=np.uint8)
        graph.initializer.append(numpy_helper.from_array(nothing, f"{weights}_zero"))
        node.op_type, node.domain = EIGHT_BITS, "com.microsoft"
        node.input[:] = [product, weights, scales, f"{weights}_zero"]
        del node.attribute[:]
    for table in _TABLES:
        real = state[f"embeddings.{table}.weight"]
        name = f"bert.embeddings.{table}.weight"
        scale = np.float32((real.max() - real.min()) / 255)
        zero = np.uint8(np.clip(np.round(-real.min() / scale), 0, 255))
        whole = np.clip(np.round(real / scale) + zero, 0, 255).astype(np.uint8)
        if table != "token_type_embeddings":
            continue  # not trained
        for part, array in (("quantized", whole), ("zero_point", zero), ("scale", scale)):
            key = f"{name}_{part}"
            stored[key].CopyFrom(numpy_helper.from_array(np.asarray(array), key))
    onnx.save(file, path)


def _their_name(node: str) -> str:
    """The name of a product's weights: "/bert/encoder/layer.0/output/dense/MatMul_Q4"."""
    return node.removeprefix("/").removesuffix("/MatMul_Q4").replace("/", ".") + ".weight"


def _ours(name: str) -> str:
    """The name in `bert.py` of what is "bert.encoder.layer.0.output.dense.weight" in the file."""
    name = name.removeprefix("bert.")
    if not name.startswith("encoder.layer."):
        return name
    number, _, rest = name.removeprefix("encoder.layer.").partition(".")
    part, _, last = rest.rpartition(".")
    return f"layers.{number}.{_PARTS[part.replace('.', '/')]}.{last}"


def _spread(arrays: list[Any], node: Any) -> Any:
    """The weights of one product as floating point, one row per output.

    Each block has a scale; a byte holds two weights, the lower one first, with 8 for zero.
    """
    sizes = {each.name: helper.get_attribute_value(each) for each in node.attribute}
    packed, scales = arrays
    both = np.stack([packed & 15, packed >> 4], axis=-1).reshape(sizes["N"], -1)
    blocks = both.reshape(sizes["N"], -1, sizes["block_size"]).astype(np.float32) - 8
    spread = blocks * scales.reshape(sizes["N"], -1, 1)
    return np.ascontiguousarray(spread.reshape(sizes["N"], -1)[:, : sizes["K"]])
