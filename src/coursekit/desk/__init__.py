"""The instructor's desk: one folder, from release to report."""
