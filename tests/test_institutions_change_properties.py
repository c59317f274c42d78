"""What holds of every episode, however much of it is known."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from coursekit.institutions.change import CANNOT, DECIDES, Episode, classify
from coursekit.institutions.episodes import vocabulary

VALUES = {name: known for name, known in vocabulary().items() if known}
full = st.fixed_dictionaries({name: st.sampled_from(VALUES[name]) for name in VALUES})
hidden = st.sets(st.sampled_from(sorted(VALUES)))


@given(full, hidden, st.sampled_from(DECIDES))
def test_what_is_sure_stays_so_whatever_the_rest_turns_out_to_be(
    inputs, unknown, decides
):
    known = {name: inputs[name] for name in inputs.keys() - unknown}
    whole = classify(Episode("X", inputs), decides=decides)
    part = classify(Episode("X", known), decides=decides)

    assert whole.missing == ()
    assert part.result in (whole.result, CANNOT)
    assert whole.result in part.possible
    assert set(part.missing) <= unknown
    assert (part.result == CANNOT) == bool(part.missing)
