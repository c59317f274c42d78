"""A kernel forked warm: everything imported once, a child for each submission."""
