"""Figures with their sentence and their table."""
