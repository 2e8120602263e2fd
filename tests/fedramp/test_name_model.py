"""FED-7: the name model is the one that its card describes, and the same on every processor."""

import hashlib
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import helper, numpy_helper

from fedramp.scrubber.names import FOLDER, labelled, shapes
from tests.name_model.measure import figures

pytestmark = pytest.mark.crossed

CARD = Path(__file__).parents[2] / "docs" / "name-model.md"
PRODUCT = "DynamicQuantizeMatMul"
#: Represents zero among the unsigned weights.
ZERO = 128


@pytest.fixture(scope="module")
def products():
    """Each product of the loaded model: its unsigned weights, and their scales."""
    model = onnx.load(FOLDER / "model.onnx")
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


@pytest.mark.rule("FED-7")
def test_the_card_describes_this_file():
    weights = (FOLDER / "model.onnx").read_bytes()
    assert hashlib.sha256(weights).hexdigest() in CARD.read_text()
    assert len(weights) < 25_000_000


@pytest.mark.rule("FED-7")
def test_the_model_sees_how_words_are_written():
    text = "spk w/ Ann O'NEIL at BrightLeaf, x_Ray 4B"
    words = ["spk", "Ann", "O", "NEIL", "Bri", "ghtLeaf", ",", "x", "Ray", "4B"]
    offsets = [(text.index(word), text.index(word) + len(word)) for word in words]
    assert shapes(text, offsets) == [0, 1, 1, 2, 3, 3, 0, 0, 1, 3]


@pytest.mark.rule("FED-7")
def test_it_finds_names_in_texts_that_it_did_not_learn_from():
    """The figures of its card, with a little room: another processor may round differently."""
    counted = figures(labelled)
    wrong = "\n".join(counted.wrong)
    assert counted.recall("names") >= 0.9, wrong
    assert counted.recall("pasted") >= 0.92, wrong
    assert counted.precision >= 0.9, wrong
    assert counted.touched <= 24, wrong
