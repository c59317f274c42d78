"""Institutions of international society, primary and secondary, and how they change."""
