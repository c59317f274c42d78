"""The recognition ladder through time: decide what counts, and see the step reached."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from coursekit.charts.documents import describe_above, draw_ladder, tabulate_ladder
from coursekit.charts.words import day_text
from coursekit.errors import UnknownNameError
from coursekit.institutions.documents import read_documents
from coursekit.institutions.recognition import (
    BODIES,
    EVERY,
    LEVELS,
    RULES,
    Ladder,
    ladder,
    name_level,
    recode_levels,
    select_documents,
)
from coursekit.widgets.controls import drop_down, number_box
from coursekit.widgets.panel import Panel, View

if TYPE_CHECKING:
    import pandas as pd

NO_TEXT: Final = "no text"
AS_CODED: Final = -1  # a level of its own, so that every choice is a number


def recognition_ladder(
    of: str = BODIES[-1],
    *,
    rule: str = EVERY,
    until: int | None = None,
    text: str = NO_TEXT,
    level: int = AS_CODED,
) -> Panel:
    """Build a panel that says how far UN texts recognise a body, by which texts.

    Parameters
    ----------
    of : {'CIS', 'CSTO'}
        Whose recognition at first.
    rule : str, default "every text"
        Which kinds of text count at first, a key of
        `coursekit.institutions.recognition.RULES`.
    until : int, optional
        The last year at first; the last of the data if left out.
    text : str, default "no text"
        The text, by symbol, whose step is judged anew at first.
    level : int, default -1
        The step that it deserves, 0 to 4; -1 leaves it as coded.

    Returns
    -------
    Panel
        Four drop-down lists and a year; sentence, figure and table follow.

    Raises
    ------
    UnknownNameError
        If body, rule, year, text or level does not exist.
    """
    documents = read_documents()
    years = documents["date"].dt.year
    first, last = int(years.min()), int(years.max())
    until = last if until is None else until
    if until not in range(first, last + 1):
        raise UnknownNameError("year", str(until), map(str, range(first, last + 1)))
    symbols = zip(years, documents["symbol"], strict=True)
    texts = [(NO_TEXT, NO_TEXT), *((f"{year} {name}", name) for year, name in symbols)]
    levels = [("its step as coded", AS_CODED), *((name_level(n), n) for n in LEVELS)]
    controls = {
        "of": drop_down("Who", list(reversed(BODIES)), of, kind="body"),
        "rule": drop_down("Count", list(RULES), rule, kind="rule"),
        "until": number_box(
            "Up to", until, least=first, most=last, tooltip="Up to the end of this year"
        ),
        "text": drop_down("Judge", texts, text, kind="text"),
        "level": drop_down("worth", levels, level, kind="level"),
    }

    def view(of: str, rule: str, until: int, text: str, level: int) -> View:
        judged = {} if text == NO_TEXT or level == AS_CODED else {text: level}
        return view_recognition(documents, of=of, rule=rule, until=until, judged=judged)

    return Panel("How far was it recognised?", controls, view)


def view_recognition(
    documents: pd.DataFrame,
    *,
    of: str,
    rule: str = EVERY,
    until: int | None = None,
    judged: dict[str, int] | None = None,
) -> View:
    """Say, draw and list how far a body is recognised under some choices.

    Parameters
    ----------
    documents : pandas.DataFrame
        All the texts.
    of, rule, until
        As for `coursekit.institutions.recognition.ladder`.
    judged : dict of str to int, optional
        Symbols with the step that they deserve, in place of the coded one.

    Returns
    -------
    View
        Words, figure and table of the texts that count.
    """
    judged = judged or {}
    chosen = ladder(documents, of=of, rule=rule, until=until, levels=judged)
    coded = ladder(documents, of=of)
    recoded = recode_levels(documents, judged)
    rows = select_documents(recoded, of=of, rule=rule, until=until)
    counted = set(rows["symbol"])
    lines = [
        f"{chosen} {describe_above(chosen)}".strip(),
        describe_way(chosen),
        describe_difference(coded, chosen),
        *(describe_judged(documents, name, judged[name], counted) for name in judged),
    ]
    days = documents["date"]
    figure = draw_ladder(rows, of=[of])
    ends = [f"{days.min().year - 1}-01-01", f"{days.max().year + 1}-12-31"]
    figure.update_xaxes(range=ends)  # the same years whatever counts
    return View(
        words="\n".join(line for line in lines if line),
        figure=figure,
        table=tabulate_ladder(rows, of=[of]),
    )


def describe_way(found: Ladder) -> str:
    """Say by which texts the step was reached.

    Parameters
    ----------
    found : Ladder
        As `coursekit.institutions.recognition.ladder` gives it.

    Returns
    -------
    str
        One sentence; empty with fewer than two steps.
    """
    if len(found.steps) < 2:
        return ""
    way = [f"{s.level} on {day_text(s.date)} ({s.symbol})" for s in found.steps]
    return f"The way up: {', then '.join(way)}."


def describe_difference(coded: Ladder, chosen: Ladder) -> str:
    """Say what the choices did to the highest step.

    Parameters
    ----------
    coded, chosen : Ladder
        With every text and year as coded, and after the choices.

    Returns
    -------
    str
        One sentence; empty where the years are not covered.
    """
    if chosen.gap or coded.highest is None:
        return ""
    full = f"With every text up to {coded.until}, as coded, it is step {coded.highest}"
    if chosen.highest is None:
        return f"{full}: your choices leave no text to climb on."
    if chosen.highest == coded.highest:
        same = chosen.steps[-1] == coded.steps[-1]
        return f"{full}: the same, {'by the same text' if same else 'by another text'}."
    way = "lower" if chosen.highest < coded.highest else "higher"
    return f"{full}: your choices make it {way}."


def describe_judged(
    documents: pd.DataFrame, symbol: str, level: int, counted: set[str]
) -> str:
    """Set a student's judgement of a text beside the coder's.

    Parameters
    ----------
    documents : pandas.DataFrame
        All the texts as coded.
    symbol : str
        The text.
    level : int
        The step that it deserves, 0 to 4.
    counted : set of str
        Symbols of the texts that count under the other choices.

    Returns
    -------
    str
        Two sentences, and a third one where the text does not count.
    """
    (row,) = documents[documents["symbol"] == symbol].itertuples()
    said = (
        f"You hold that {symbol} is worth step {name_level(level)}. It is coded "
        f"{row.recognition_level}, and described so: {row.effect_for_cis_csto}."
    )
    if symbol in counted:
        return said
    return f"{said} It is not among the texts that count here."
