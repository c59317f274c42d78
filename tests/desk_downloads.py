"""Downloads as platforms make them, written for the tests of collecting."""

import json
import zipfile
from io import BytesIO

from desk_work import EXERCISES

SLUG = EXERCISES[0]


def notebook(text="x = 1", *, exercise=SLUG):
    """Make a student's notebook."""
    cell = {"cell_type": "code", "id": "a", "metadata": {}, "source": text}
    cell |= {"outputs": [], "execution_count": None}
    metadata = {"coursekit": {"exercise": exercise, "kind": "student"}}
    tree = {"cells": [cell], "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(tree).encode()


def pack(files, path=None):
    """Write a zip archive of contents by name; give its path, or its bytes."""
    into = BytesIO() if path is None else path
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return into.getvalue() if path is None else path
