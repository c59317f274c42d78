"""The reading site: static pages of the course, from what the notebooks store."""
