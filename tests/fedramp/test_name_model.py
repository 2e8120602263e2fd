"""FED-7: the name model multiplies the same on every processor, so that it finds the same names."""

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import helper, numpy_helper

from fedramp.scrubber.names import folder
from fedramp.scrubber.weights import PRODUCT, ZERO, in_eight_bits

pytestmark = pytest.mark.crossed


@pytest.fixture(scope="module")
def products():
    """Each product of the loaded model: its unsigned weights, and their scales."""
    model = onnx.load_from_string(in_eight_bits(folder() / "onnx" / "model_q4.onnx"))
    stored = {each.name: each for each in model.graph.initializer}
    nodes = [node for node in model.graph.node if node.op_type == PRODUCT]
    return [[numpy_helper.to_array(stored[name]) for name in node.input[1:]] for node in nodes]


def alone(*arrays):
    """The product as a model of its own."""
    names = ("weights", "scales", "zeros")[: len(arrays)]
    weights = arrays[0]
    node = helper.make_node(PRODUCT, ["a", *names], ["y"], domain="com.microsoft")
    real = onnx.TensorProto.FLOAT
    graph = helper.make_graph(
        [node],
        "product",
        [helper.make_tensor_value_info("a", real, [None, weights.shape[0]])],
        [helper.make_tensor_value_info("y", real, [None, weights.shape[1]])],
        [numpy_helper.from_array(array, name) for array, name in zip(arrays, names, strict=True)],
    )
    versions = [helper.make_opsetid("", 17), helper.make_opsetid("com.microsoft", 1)]
    model = helper.make_model(graph, opset_imports=versions, ir_version=8)
    return onnxruntime.InferenceSession(
        model.SerializeToString(), providers=["CPUExecutionProvider"]
    )


@pytest.mark.rule("FED-7")
def test_no_product_is_cut_off(products):
    """Two weights of the same sign beside each other, at their most, by an input at its most.

    With signed weights, 255 * 127 * 2 does not fit into the sixteen bits in which a processor with
    AVX2 and no VNNI adds them: this test failed there, and passed elsewhere.
    """
    assert len(products) > 10
    for weights, scales, *zeros in products:
        row = np.ones((1, weights.shape[0]), dtype=np.float32)
        row[0, 0] = 0  # so that 0 to 1 is 0 to 255, exactly
        whole = weights.astype(np.int64) - (ZERO if zeros else 0)
        expected = whole[1:].sum(axis=0) * scales
        (found,) = alone(weights, scales, *zeros).run(None, {"a": row})
        np.testing.assert_allclose(found[0], expected, rtol=1e-4, atol=1e-4)
