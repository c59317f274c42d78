"""Read ``course.toml``: every setting checked, every fault named with its place."""

from __future__ import annotations

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
_INTERVALS = {"hour": timedelta(hours=1), "day": timedelta(days=1)}


def read_course(path: Path) -> Course:
    """Read a ``course.toml``; see `find_course`."""
    try:
        tree = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as error:
        raise MalformedCourseError(path, "the file", "save it as UTF-8.") from error
    except tomllib.TOMLDecodeError as error:
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
        extensions = self._extensions(tables)
        found = []
        for slug, table in tables.items():
            place = f"[exercises.{slug}]"
            if not isinstance(table, dict):
                self._refuse(place, "this is a table; write its settings below it.")
            self._only(table, _OF_EXERCISE, place)
            counts = table.get("counts", "latest")
            if counts not in get_args(Counts):
                self._refuse(place, f'counts is "latest" or "on_time", not {counts!r}.')
            own = self._table(table, "late", f"[exercises.{slug}.late]")
            cap = None
            if "cap" in table:
                cap = self._number(table, place, "cap", 0.0)
            found.append(
                Assignment(
                    slug=slug,
                    due=self._moment(table.get("due"), f"{place} due"),
                    late=self._late({**common, **own}, f"[exercises.{slug}.late]"),
                    counts=cast("Counts", counts),
                    weight=self._number(table, place, "weight", 1.0),
                    cap=cap,
                    column=self._text(table, "column", slug, place),
                    variants=self._flag(table, "variants", place),
                    extensions=extensions.get(slug, {}),
                )
            )
        return tuple(found)

    def _late(self, table: dict[str, Any], place: str) -> LateRule:
        keys = ("grace_minutes", "deduction", "interval", "lowest", "closes_days")
        self._only(table, keys, place)
        interval = table.get("interval", "day")
        if interval not in _INTERVALS:
            self._refuse(place, f'interval is "day" or "hour", not {interval!r}.')
        closes = None
        if "closes_days" in table:
            closes = timedelta(days=self._number(table, place, "closes_days", 0.0))
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
            student, slug = str(row.get("student", "")), row.get("exercise")
            due = self._moment(row.get("due"), f"{place} due")
            if not student or due is None:
                self._refuse(place, "it needs a student, an exercise and a due date.")
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
        zoned = value if value.tzinfo else value.replace(tzinfo=self._zone)
        return zoned.astimezone(UTC)

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
            self._refuse(f"[total] {key}", f"write a whole number, not {value!r}.")
        return int(value)

    def _number(
        self,
        table: Mapping[str, Any],
        place: str,
        key: str,
        default: float,
        *,
        above: float | None = None,
        most: float = float("inf"),
    ) -> float:
        value = table.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int | float):
            self._refuse(f"{place} {key}", f"write a number, not {value!r}.")
        if not 0 <= value <= most or value == above or value == float("inf"):
            limit = "" if most == float("inf") else f" and at most {most:g}"
            least = "above 0" if above is not None else "0 or more"
            self._refuse(f"{place} {key}", f"it is {least}{limit}, not {value:g}.")
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
