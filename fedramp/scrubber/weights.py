"""Converts the name model's weights into the form that the processor multiplies fastest.

The model comes with four-bit weights, which the runtime would expand to floating point for each
text. Here they become eight bits when the model is loaded, and the products use integers: less than
two thirds of the time per text, and the same names except for one in a thousand.

The weights are unsigned, with 128 for zero. With signed weights, a processor with AVX2 but without
VNNI adds pairs of products in sixteen bits, with saturation, so that another machine missed other
names in the same text. Products of two unsigned bytes are added in 32 bits everywhere.
"""

from pathlib import Path
from typing import Any

_SPREAD, PRODUCT = "MatMulNBits", "DynamicQuantizeMatMul"
#: Represents zero among the unsigned weights.
ZERO = 128
_MICROSOFT = "com.microsoft"


def in_eight_bits(path: Path) -> bytes:
    """The model in this file, with each product of four-bit weights as one of integers."""
    # Slow to import, and needed only when the model is loaded.
    import numpy as np
    import onnx
    from onnx import numpy_helper

    model = onnx.load(path)
    stored = {each.name: each for each in model.graph.initializer}
    for node in model.graph.node:
        if node.op_type != _SPREAD:
            continue
        product, weights, scales, *zeros = node.input
        spread = _spread([numpy_helper.to_array(stored[name]) for name in node.input[1:]], node)
        scale = np.abs(spread).max(axis=0) / 127
        whole = (np.clip(np.round(spread / scale), -127, 127) + ZERO).astype(np.uint8)
        # In place, so that no second copy of the model is held.
        stored[weights].CopyFrom(numpy_helper.from_array(whole, weights))
        stored[scales].CopyFrom(numpy_helper.from_array(scale, scales))
        for name in zeros:
            model.graph.initializer.remove(stored[name])
        nothing = np.full(scale.shape, ZERO, dtype=np.uint8)
        model.graph.initializer.append(numpy_helper.from_array(nothing, f"{weights}_zero"))
        node.op_type, node.domain = PRODUCT, _MICROSOFT
        node.input[:] = [product, weights, scales, f"{weights}_zero"]
        del node.attribute[:]
    return bytes(model.SerializeToString())


def _spread(arrays: list[Any], node: Any) -> Any:
    """The weights of one product as floating point, one row per input.

    Each block has a scale and possibly a zero of its own; a byte holds two weights, the lower one
    first.
    """
    import numpy as np  # slow to import, as onnx is
    from onnx import helper

    sizes = {each.name: helper.get_attribute_value(each) for each in node.attribute}
    inputs, outputs, block = sizes["K"], sizes["N"], sizes["block_size"]

    def halves(packed: Any) -> Any:
        both = np.stack([packed & 15, packed >> 4], axis=-1)
        return both.reshape(outputs, -1).astype(np.float32)

    scales = arrays[1].reshape(outputs, -1)
    zeros = np.full_like(scales, 8)
    if len(arrays) > 2:
        zeros = halves(arrays[2])[:, : scales.shape[1]]
    blocks = halves(arrays[0]).reshape(outputs, -1, block)
    spread = (blocks - zeros[:, :, None]) * scales[:, :, None]
    return np.ascontiguousarray(spread.reshape(outputs, -1)[:, :inputs].T)
