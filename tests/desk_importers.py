"""The importers of Canvas and Moodle, as far as their sources say what they take.

Written from the rules of ``lib/gradebook_importer.rb`` (instructure/canvas-lms) and
``grade/import/csv/classes/load_data.php`` (moodle/moodle), not from our exports.
"""

import csv
import io
import re

_NUMBER = re.compile(r"-?[0-9.,]+%?")
_TITLED = re.compile(r"(.*)\s\((\d+)\)")


def read_as_canvas(text, users):
    """Give grades by user and assignment, and names that Canvas asks about.

    ``users`` are dicts with ``id``, ``name``, ``sis`` and ``login``. An assignment is
    its number where the column has one, and otherwise its title.
    """
    header, *rows = csv.reader(io.StringIO(text, newline=""))
    first = _find_section(header)
    titles = [_read_title(title) for title in header[first + 1 :]]
    grades, asked = {}, []
    for row in rows:
        if "Points Possible" in row[0]:
            continue
        user = _find_user(row, users)
        if user is None:
            asked.append(row[0])
            continue
        cells = [_read_number(cell) for cell in row[first + 1 :]]
        grades[user["id"]] = dict(zip(titles, cells, strict=True))
    return grades, asked


def _find_section(header):
    if len(header) <= 3 or "Student" not in header[0] or "ID" not in header[1]:
        raise ValueError("invalid header row")
    logins = header[2:4] == ["SIS User ID", "SIS Login ID"]
    place = 4 if logins else 3 if header[2] == "SIS Login ID" else 2
    if "Section" not in header[place]:
        raise ValueError("invalid header row")
    return place


def _read_title(title):
    found = _TITLED.fullmatch(title)
    return int(found[2]) if found else title


def _find_user(row, users):
    keys = [("id", row[1]), ("sis", row[2]), ("login", row[3]), ("name", row[0])]
    for key, said in keys:
        for user in users:
            if said and user.get(key) == said:
                return user
    return None


def _read_number(cell):
    """Read a number as the converter does, for which both marks are decimal ones."""
    if not _NUMBER.fullmatch(cell):
        return cell
    *before, last = re.split(r"[,.]", cell)
    return float(f"{''.join(before)}.{last}" if before else last)


def read_as_moodle(text, users, *, by, items):
    """Give grades by user and item; ``by`` is the column that names the user.

    A row whose cell is empty goes to the user of the row before; an unknown user ends
    the import; an empty grade is set, as none.
    """
    header, *rows = csv.reader(io.StringIO(text, newline=""))
    key, places = header.index(by), [header.index(item) for item in items]
    grades, user = {}, None
    for row in rows:
        user = users[row[key]] if row[key] else user
        values = [float(row[place]) if row[place] else None for place in places]
        grades[user] = dict(zip(items, values, strict=True))
    return grades
