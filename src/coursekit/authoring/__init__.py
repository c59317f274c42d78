"""From sources that people edit to the notebooks that students open."""
