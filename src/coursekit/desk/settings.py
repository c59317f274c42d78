"""Read ``course.toml``: every setting checked, every fault named with its place."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NoReturn, cast, get_args
from zoneinfo import ZoneInfo

from coursekit.desk.course import (
    Assignment,
    Counts,
    Course,
    Extension,
    LateRule,
    MalformedCourseError,
)
from coursekit.errors import UnknownNameError

_OF_EXERCISE = ("due", "counts", "weight", "cap", "column", "variants", "late")
_NAME = re.compile(r"\w[\w.-]*")  # of files, never the way to another folder
_MOST_DAYS = 3650
_INTERVALS = {"hour": timedelta(hours=1), "day": timedelta(days=1)}


def read_course(path: Path) -> Course:
    """Read a ``course.toml``; see `find_course`."""
    try:
        tree = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        reason = f"it cannot be read: {error.strerror}."
        raise MalformedCourseError(path, "the file", reason) from error
    except UnicodeDecodeError as error:
        raise MalformedCourseError(path, "the file", "save it as UTF-8.") from error
    except (ValueError, RecursionError) as error:  # numbers and nesting without end too
        raise MalformedCourseError(path, "the file", f"no TOML: {error}.") from error
    return _Reader(path, tree).course()


class _Reader:
    """Reads one file, and says where in it something is wrong."""

    def __init__(self, path: Path, tree: dict[str, Any]) -> None:
        self._path = path
        self._tree = tree
        self._zone = ZoneInfo("UTC")

    def course(self) -> Course:
        known = ("course", "late", "exercises", "extensions", "total")
        self._only(self._tree, known, "top of the file")
        about = self._table(self._tree, "course", "[course]")
        keys = ("name", "timezone", "gradebook", "roster", "show_markers")
        self._only(about, keys, "[course]")
        self._zone = self._timezone(about)
        total = self._table(self._tree, "total", "[total]")
        self._only(total, ("drop_lowest", "out_of"), "[total]")
        folder = self._path.parent
        gradebook = self._text(about, "gradebook", "gradebook.db")
        if "://" in gradebook and gradebook.startswith(
            "sqlite"
        ):  # its paths go by where a command is run
            reason = "for a file write its path alone, like gradebook.db."
            self._refuse("[course] gradebook", reason)
        return Course(
            folder=folder,
            name=self._text(about, "name", folder.name),
            timezone=self._zone,
            gradebook=gradebook if "://" in gradebook else str(folder / gradebook),
            roster_path=folder / self._text(about, "roster", "roster.csv"),
            assignments=self._assignments(),
            drop_lowest=self._whole(total, "drop_lowest"),
            out_of=self._number(total, "[total]", "out_of", 100.0, above=0.0),
            show_markers=self._flag(about, "show_markers", "[course]"),
        )

    def _assignments(self) -> tuple[Assignment, ...]:
        tables = self._table(self._tree, "exercises", "[exercises]")
        common = self._table(self._tree, "late", "[late]")
        self._late(common, "[late]")  # so that its faults are not said of an exercise
        extensions = self._extensions(tables)
        found = []
        for slug, table in tables.items():
            place = f"[exercises.{slug}]"
            if not isinstance(table, dict):
                self._refuse(place, "this is a table; write its settings below it.")
            if not _NAME.fullmatch(slug):
                self._refuse(place, "name it as its files are, without an ending.")
            self._only(table, _OF_EXERCISE, place)
            counts = table.get("counts", "latest")
            if counts not in get_args(Counts):
                self._refuse(place, f'counts is "latest" or "on_time", not {counts!r}.')
            own = self._table(table, "late", f"[exercises.{slug}.late]")
            cap = None
            if "cap" in table:
                cap = self._number(table, place, "cap", 0.0, above=0.0)
            due = self._moment(table.get("due"), f"{place} due")
            granted = extensions.get(slug, {})
            self._compare(due, granted.values(), slug)
            found.append(
                Assignment(
                    slug=slug,
                    due=due,
                    late=self._late({**common, **own}, f"[exercises.{slug}.late]"),
                    counts=cast("Counts", counts),
                    weight=self._number(table, place, "weight", 1.0),
                    cap=cap,
                    column=self._text(table, "column", slug, place),
                    variants=self._flag(table, "variants", place),
                    extensions=granted,
                )
            )
        return tuple(found)

    def _late(self, table: dict[str, Any], place: str) -> LateRule:
        keys = ("grace_minutes", "deduction", "interval", "lowest", "closes_days")
        self._only(table, keys, place)
        interval = table.get("interval", "day")
        if interval not in tuple(_INTERVALS):
            self._refuse(place, f'interval is "day" or "hour", not {interval!r}.')
        closes = None
        if "closes_days" in table:
            days = self._number(table, place, "closes_days", 0.0, most=_MOST_DAYS)
            closes = timedelta(days=days)
        return LateRule(
            grace=timedelta(minutes=self._number(table, place, "grace_minutes", 0.0)),
            deduction=self._number(table, place, "deduction", 0.0, most=1.0),
            interval=_INTERVALS[interval],
            lowest=self._number(table, place, "lowest", 0.0, most=1.0),
            closes=closes,
        )

    def _extensions(self, tables: Mapping[str, Any]) -> dict[str, dict[str, Extension]]:
        rows = self._tree.get("extensions", [])
        if not isinstance(rows, list):
            self._refuse("extensions", "write each below a line [[extensions]].")
        found: dict[str, dict[str, Extension]] = {}
        for number, row in enumerate(rows, start=1):
            place = f"[[extensions]] number {number}"
            self._only(row, ("student", "exercise", "due", "reason"), place)
            due = self._moment(row.get("due"), f"{place} due")
            if due is None or not row.get("student") or not row.get("exercise"):
                self._refuse(place, "it needs a student, an exercise and a due date.")
            student = self._text(row, "student", "", place)
            slug = self._text(row, "exercise", "", place)
            if slug not in tables:
                known = ", ".join(tables) or "none yet"
                self._refuse(
                    place, f"there is no [exercises.{slug}]; there is: {known}."
                )
            if student in found.setdefault(slug, {}):
                self._refuse(place, f"{student} has one for {slug} already.")
            reason = str(row.get("reason", ""))
            found[slug][student] = Extension(student, due, reason)
        return found

    def _compare(
        self, due: datetime | None, extensions: Iterable[Extension], slug: str
    ) -> None:
        """Refuse an extension that would take time from a student."""
        for one in extensions:
            place = f"[[extensions]] of {one.student} for {slug}"
            if due is None:
                reason = f"[exercises.{slug}] has no due date, so nothing is late."
                self._refuse(place, reason)
            if one.due < due:
                self._refuse(
                    place,
                    f"{one.due:%Y-%m-%d %H:%M} UTC is before the due date of all, "
                    f"{due:%Y-%m-%d %H:%M} UTC; mend the date or take it out.",
                )

    def _timezone(self, table: Mapping[str, Any]) -> ZoneInfo:
        name = self._text(table, "timezone", "UTC")
        try:
            return ZoneInfo(name)
        except (KeyError, OSError, ValueError) as error:  # no such zone, or no name
            reason = f"there is no zone {name!r}; write one like Europe/Berlin."
            raise MalformedCourseError(
                self._path, "[course] timezone", reason
            ) from error

    def _moment(self, value: Any, place: str) -> datetime | None:
        if value is None:
            return None
        if not isinstance(value, datetime):
            self._refuse(place, "write a date and time, like 2027-03-02T23:59:00.")
        zone = value.tzinfo or self._zone
        try:
            # An hour that clocks show twice, or leave out, is due at the later time.
            return max(
                value.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)
            )
        except OverflowError:
            self._refuse(place, f"no calendar has {value} in UTC; mend the year.")

    def _table(self, tree: Mapping[str, Any], key: str, place: str) -> dict[str, Any]:
        table = tree.get(key, {})
        if not isinstance(table, dict):
            self._refuse(place, "this is a table; write its settings below it.")
        return cast("dict[str, Any]", table)

    def _text(
        self,
        table: Mapping[str, Any],
        key: str,
        default: str,
        place: str = "[course]",
    ) -> str:
        value = table.get(key, default)
        if not isinstance(value, str) or not value:
            self._refuse(f"{place} {key}", f"write words in quotes, not {value!r}.")
        return str(value)

    def _flag(self, table: Mapping[str, Any], key: str, place: str) -> bool:
        value = table.get(key, False)
        if not isinstance(value, bool):
            self._refuse(f"{place} {key}", f"write true or false, not {value!r}.")
        return bool(value)

    def _whole(self, table: Mapping[str, Any], key: str) -> int:
        value = table.get(key, 0)
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            reason = f"write a whole number, 0 or more, not {value!r}."
            self._refuse(f"[total] {key}", reason)
        return int(value)

    def _number(
        self,
        table: Mapping[str, Any],
        place: str,
        key: str,
        default: float,
        *,
        above: float | None = None,
        most: float = 100_000,
    ) -> float:
        value = table.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int | float):
            self._refuse(f"{place} {key}", f"write a number, not {value!r}.")
        if not 0 <= value <= most or value == above:
            least = "above 0" if above is not None else "0 or more"
            reason = f"it is {least} and at most {most:,g}, not {value}."
            self._refuse(f"{place} {key}", reason)
        return float(value)

    def _only(self, table: Any, known: Iterable[str], place: str) -> None:
        if not isinstance(table, dict):
            self._refuse(place, "this is a table; write its settings below it.")
        unknown = sorted(set(table) - set(known))
        if unknown:
            error = UnknownNameError("setting", unknown[0], known)
            self._refuse(place, str(error))

    def _refuse(self, place: str, reason: str) -> NoReturn:
        raise MalformedCourseError(self._path, place, reason)
