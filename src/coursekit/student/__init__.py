"""A student's copy of the course: made, renewed, opened, handed in."""
