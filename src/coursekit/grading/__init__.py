"""Grading: merge, run under nbval, judge apart, report.

`coursekit.grading.grade.grade` does all of it. Nothing is imported here: pytest loads
`coursekit.grading.plugin` in every run, and not the rest with it.
"""
