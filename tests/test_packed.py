from __future__ import annotations

import json

import numpy as np
import plotly.graph_objects as go
import pytest

from coursekit.packed import unpack_arrays


@pytest.mark.parametrize("dtype", ["int8", "uint16", "int32", "float32", "float64"])
def test_what_plotly_packs_comes_out_as_it_went_in(dtype):
    grid = np.array([[1, 2, 3], [4, 5, 6]], dtype=dtype)
    figure = json.loads(go.Figure(go.Heatmap(z=grid)).to_json())

    assert unpack_arrays(figure)["data"][0]["z"] == grid.tolist()


@pytest.mark.parametrize(
    "tree",
    [
        pytest.param({"dtype": "f8", "bdata": "!"}, id="no base64"),
        pytest.param({"dtype": "f8", "bdata": "AQ=="}, id="half a number"),
        pytest.param({"dtype": "c16", "bdata": "AQ=="}, id="unknown type"),
        pytest.param({"dtype": "i1", "bdata": "AQ==", "shape": "x"}, id="no shape"),
    ],
)
def test_what_only_looks_packed_stays_as_it_is(tree):
    assert unpack_arrays(tree) == tree
