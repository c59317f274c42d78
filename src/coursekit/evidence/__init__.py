"""Datasets with their sources, and what follows under each reading of them."""

from coursekit.evidence.across import Across
from coursekit.evidence.codebook import codebook
from coursekit.evidence.readings import across_readings, readings
from coursekit.evidence.sources import bibliography, cite, source_keys
from coursekit.evidence.tables import dataset_names, load

__all__ = [
    "Across",
    "across_readings",
    "bibliography",
    "cite",
    "codebook",
    "dataset_names",
    "load",
    "readings",
    "source_keys",
]
