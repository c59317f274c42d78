"""Answers as plain values, their comparison, and the feedback a student sees."""
