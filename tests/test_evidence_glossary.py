"""Terms in three languages: what is listed where, and what is marked."""

from __future__ import annotations

import re

import pytest

from coursekit import load
from coursekit.course import course_root
from coursekit.evidence.glossary import terms_of, translations, words_of

GLOSSARY = load("glossary")
LANGUAGES = pytest.mark.parametrize("language", ["russian", "kazakh"])
SHORT = {"Eurasian Economic Union"}  # the lesson says EAEU
LESSONS = sorted((course_root() / "lessons").glob("*.md"))


def term(name):
    return GLOSSARY.set_index("term_id", drop=False).loc[name]


@LANGUAGES
def test_a_word_is_unverified_or_names_the_text_in_which_it_was_seen(language):
    words = GLOSSARY[GLOSSARY[language].notna()]
    unverified = words[f"{language}_status"] == "unverified"

    assert words[f"{language}_status"].notna().all()
    assert (words[f"source_{language}"].isna() == unverified).all()


@LANGUAGES
def test_a_contested_word_says_what_is_contested(language):
    contested = GLOSSARY[GLOSSARY[f"{language}_status"] == "contested"]

    assert not contested.empty
    assert contested[f"{language}_note"].notna().all()


@LANGUAGES
def test_words_are_in_the_letters_of_their_language(language):
    words = GLOSSARY[language].dropna()

    assert [word for word in words if re.search("[A-Za-z]", word)] == []
    assert GLOSSARY.loc[GLOSSARY[language].isna(), f"{language}_status"].isna().all()


@pytest.mark.parametrize("source", LESSONS, ids=lambda path: path.stem)
def test_a_lesson_uses_the_terms_that_are_listed_for_it(source):
    number = int(source.stem[:2])
    text = " ".join(source.read_text(encoding="utf-8").casefold().split())
    absent = []
    for english in terms_of(number)["english"]:
        words = re.findall(r"\w+", english.casefold())
        initials = "".join(word[0] for word in words if word not in {"and", "of"})
        # The first word without its ending, or the name in short: CIS, EAEU.
        if words[0][:6] not in text and initials not in text:
            absent.append(english)

    assert [name for name in absent if name not in SHORT] == []


def test_every_term_is_introduced_by_one_lesson():
    listed = [
        name
        for source in LESSONS
        for name in re.findall(
            r"^- \*\*(.+?)\*\*", words_of(int(source.stem[:2])), re.MULTILINE
        )
    ]

    assert sorted(listed) == sorted(GLOSSARY["english"])


def test_a_lesson_without_terms_has_no_words():
    assert words_of(99) == ""
    assert terms_of(99).empty


def test_words_are_marked_with_their_language_and_where_they_are_unsure():
    russian, kazakh = translations(term("consent_of_the_parties"))

    assert russian.to_text().startswith(
        'Russian <span lang="ru">согласие сторон</span>:'
    )
    assert '<span lang="kk">тараптардың келісімі</span> (unverified):' in (
        kazakh.to_text()
    )


def test_a_language_without_a_word_is_left_out():
    assert [word.language for word in translations(term("impartiality"))] == ["russian"]
    assert list(translations(term("purpose_test"))) == []


def test_a_word_cannot_bring_markup(term_with_markup):
    word = next(translations(term_with_markup))

    assert "<b>" not in word.to_text()


@pytest.fixture
def term_with_markup():
    changed = term("mandate").copy()
    changed["russian"] = "<b>мандат</b>"
    return changed
