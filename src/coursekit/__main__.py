"""`python -m coursekit`, for where the command is not on the path."""

from coursekit.cli import app

app(prog_name="coursekit")
