"""A notebook that tries to run scripts wherever its author's words are shown."""

import json

from coursekit.desk.drawn import PLOTLY

HOSTILE = (
    "<script>window.ran='script'</script>",
    "<img src=x onerror=\"window.ran='img'\">",
    "<svg onload=\"window.ran='svg'\"></svg>",
    "[link](javascript:window.ran='link')",
    "![picture](https://example.org/x.png)",
    "</code></pre><script>window.ran='code'</script>",
    "</script><script>window.ran='json'</script>",
    "<iframe srcdoc=\"<script>parent.ran='frame'</script>\"></iframe>",
    "{{ 7 * 7 }} {NONCE} {{ nonce }}",
    "<meta http-equiv='refresh' content='0; url=https://example.org/meta'>",
    "<base href='https://example.org/'><form action='https://example.org/form'>",
    "<style>body { background: url(https://example.org/style) }</style>",
    "[data](data:text/html,<script>window.ran='data'</script>)",
    "# A heading of theirs",
    "\u202eturned\u2066 round",
)
FAR_IMAGE = {"name": "far", "source": "https://example.org/far.png", "sizex": 1}


def make_hostile(student_version):
    """Fill in a student version with what would run, were it not escaped."""
    tree = json.loads(student_version.read_text(encoding="utf-8"))
    words = "\n\n".join(HOSTILE)
    title = f"<b>{words}</b><a href=\"javascript:window.ran='plotly'\">x</a>"
    figure = {
        "data": [{"type": "bar", "x": [words, "b"], "y": [1, 2], "name": words}],
        "layout": {
            "title": {"text": title},
            "images": [{"source": "https://example.org/x.png"}],
            "template": {"layout": {"images": [FAR_IMAGE]}},
            "annotations": [{"text": title, "x": 0, "y": 1, "hovertext": words}],
        },
    }
    world = {"type": "choropleth", "locations": ["KAZ"], "z": [1]}
    far = {"type": "image", "source": "https://example.org/trace.png"}
    data = {PLOTLY: figure, "text/html": words, "image/svg+xml": words}
    output = {"output_type": "display_data", "metadata": {}, "data": data}
    more = [{PLOTLY: {"data": [one]}} for one in (world, far)]
    outputs = [output, *({**output, "data": data} for data in more)]
    for cell in tree["cells"]:
        tags = cell["metadata"].get("tags", [])
        if "written" in tags:
            cell["source"] = words
        if "answer" in tags:
            cell["source"] = f"answer = {words!r}"
            cell["outputs"] = outputs
    return json.dumps(tree).encode()
