"""Panels in which a student decides something and sees what follows."""
