"""The database behind a gradebook: a file or a server, opened, made and brought up."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import (
    URL,
    Connection,
    Engine,
    create_engine,
    event,
    inspect,
    make_url,
    select,
    update,
)
from sqlalchemy.exc import (
    ArgumentError,
    IntegrityError,
    ProgrammingError,
    SQLAlchemyError,
)
from sqlalchemy.orm import Session

from coursekit.errors import CoursekitError
from coursekit.grading.tables import SCHEMA, Base, Schema

_PATIENCE = 60  # seconds to wait while another process writes to the same file
# Another grader may add a table, an exercise, a student or a submission meanwhile: then
# it is there at the next try.
_RACES = (IntegrityError, ProgrammingError)
_TRIES = 3
_Result = TypeVar("_Result")


class Database:
    """A gradebook's database.

    Parameters
    ----------
    where : str or pathlib.Path
        A file, made if there is none, or a database URL.

    Raises
    ------
    CoursekitError
        If it cannot be opened. `open` and `transact` raise it where the database
        fails, is no gradebook, or one of a newer coursekit; what was recorded stays.
    """

    def __init__(self, where: str | Path) -> None:
        url = _read_url(where)
        self.name = _name(url)
        self.engine = _connect(url)

    def open(self) -> None:
        """Make the tables in an empty database, or bring those of a gradebook up."""
        try:
            self.transact(self._create)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Let go of the database."""
        self.engine.dispose()

    def transact(self, work: Callable[[Session], _Result]) -> _Result:
        """Do work in one transaction: all of it, or nothing if it raises.

        Parameters
        ----------
        work : callable
            Takes the session; it may be called again after a race with another
            grader, so it does nothing but use the session.

        Returns
        -------
        object
            What ``work`` returns.
        """
        tries = 0
        while True:
            tries += 1
            try:
                with Session(self.engine) as session, session.begin():
                    return work(session)
            except SQLAlchemyError as error:
                if tries < _TRIES and isinstance(error, _RACES):
                    continue
                said = " ".join(str(getattr(error, "orig", error)).split())
                raise CoursekitError(
                    f"The gradebook {self.name} cannot be used: {said}. What was "
                    "recorded stays; mend that or name another gradebook, and start "
                    "again."
                ) from error

    def _create(self, session: Session) -> None:
        """Make the tables in an empty database, or see that they are ours."""
        tables = inspect(session.connection()).get_table_names()
        if not tables:
            Base.metadata.create_all(session.connection(), checkfirst=False)
            session.add(Schema(version=SCHEMA))
            return
        if Schema.__tablename__ not in tables:
            raise CoursekitError(
                f"{self.name} is a database, but no gradebook of coursekit; it is "
                "left as it is. Name another gradebook, which will be made."
            )
        version = session.scalar(select(Schema.version)) or 0
        if version > SCHEMA:
            raise CoursekitError(
                f"The gradebook {self.name} was made by a newer coursekit: its tables "
                f"are version {version}, and this coursekit knows version {SCHEMA}. "
                "Update coursekit, or name another gradebook."
            )
        if version < SCHEMA:
            # Until now versions only added tables.
            _add_tables(session.connection(), tables)
            session.execute(update(Schema).values(version=SCHEMA))


def _add_tables(connection: Connection, there: list[str]) -> None:
    missing = [t for t in Base.metadata.sorted_tables if t.name not in there]
    Base.metadata.create_all(connection, tables=missing, checkfirst=False)


def _read_url(where: str | Path) -> URL:
    """Take a path or a URL; no message repeats the URL, for it may hold a password."""
    if isinstance(where, Path) or "://" not in where:
        return URL.create("sqlite", database=str(where))
    try:
        url = make_url(where)
    except (ArgumentError, ValueError):
        url = URL.create("none")
    if url.drivername == "none" or "@" in (url.host or ""):
        raise CoursekitError(
            "The URL of the gradebook cannot be read; write it like "
            "postgresql://user:password@host/database, with %40 for an @ in a password."
        )
    return url


def _name(url: URL) -> str:
    """Name a database without any password."""
    if url.get_backend_name() == "sqlite":
        return url.database or "in memory"
    return url.set(query={}).render_as_string()


def _connect(url: URL) -> Engine:
    is_file = url.get_backend_name() == "sqlite"
    options = {"timeout": _PATIENCE} if is_file else {}
    try:
        engine = create_engine(
            url, connect_args=options, hide_parameters=True, pool_pre_ping=True
        )
    except (ArgumentError, ModuleNotFoundError) as error:
        raise CoursekitError(
            f"The gradebook {_name(url)} cannot be opened: {error}. Databases are "
            "sqlite and, with `pip install coursekit[postgresql]`, postgresql."
        ) from error
    if is_file:
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _set_up_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # `_begin_sqlite` begins, not Python's driver
    connection.execute("PRAGMA foreign_keys = ON")


def _begin_sqlite(connection: Any) -> None:
    # At once for writing: two that read first and then write would block each other.
    # SQLite's own journal undoes what a killed process left half written.
    connection.exec_driver_sql("BEGIN IMMEDIATE")
