"""Argumentation by the letter: every definition tried on all 2^n sets.

It shares no code with coursekit. Arguments are strings, attacks are pairs.
"""

from __future__ import annotations

from itertools import chain, combinations, product


class Plain:
    """A framework with the sets and labellings that the definitions pick out."""

    def __init__(self, arguments, attacks):
        self.arguments = tuple(arguments)
        self.attacks = frozenset(attacks)
        self.sets = [frozenset(chosen) for chosen in subsets(self.arguments)]

    def attacked(self, members):
        return frozenset(b for a, b in self.attacks if a in members)

    def defends(self, members, argument):
        attackers = {a for a, b in self.attacks if b == argument}
        return attackers <= self.attacked(members)

    def defended(self, members):
        return frozenset(a for a in self.arguments if self.defends(members, a))

    def reach(self, members):
        return members | self.attacked(members)

    def conflict_free(self):
        return [
            members
            for members in self.sets
            if not any(a in members and b in members for a, b in self.attacks)
        ]

    def admissible(self):
        return [e for e in self.conflict_free() if e <= self.defended(e)]

    def complete(self):
        return [e for e in self.conflict_free() if e == self.defended(e)]

    def grounded(self):
        complete = self.complete()
        return [e for e in complete if all(e <= other for other in complete)]

    def preferred(self):
        admissible = self.admissible()
        return [e for e in admissible if not any(e < other for other in admissible)]

    def stable(self):
        everything = frozenset(self.arguments)
        return [e for e in self.conflict_free() if self.reach(e) == everything]

    def semi_stable(self):
        complete = self.complete()
        return [
            e
            for e in complete
            if not any(self.reach(e) < self.reach(other) for other in complete)
        ]

    def ideal(self):
        preferred = self.preferred()
        inside = [
            e for e in self.admissible() if all(e <= other for other in preferred)
        ]
        return [e for e in inside if not any(e < other for other in inside)]

    def extensions(self, semantics):
        return getattr(self, semantics.replace("-", "_"))()

    def complete_labellings(self):
        """In iff all attackers are out; out iff some attacker is in (Caminada 2006)."""
        found = []
        for labels in product(("in", "out", "undecided"), repeat=len(self.arguments)):
            labelling = dict(zip(self.arguments, labels, strict=True))
            if all(self.is_legal(a, labelling) for a in self.arguments):
                found.append(labelling)
        return found

    def is_legal(self, argument, labelling):
        labels = [labelling[a] for a, b in self.attacks if b == argument]
        is_in = all(label == "out" for label in labels)
        is_out = any(label == "in" for label in labels)
        return is_in == (labelling[argument] == "in") and is_out == (
            labelling[argument] == "out"
        )

    def acceptance(self, argument, semantics):
        found = [argument in e for e in self.extensions(semantics)]
        if found and all(found):
            return "sceptical"
        return "credulous" if any(found) else "rejected"

    def standing(self, argument, semantics):
        if semantics != "grounded":
            return self.acceptance(argument, semantics)
        (inside,) = self.grounded()
        if argument in inside:
            return "in"
        return "out" if argument in self.attacked(inside) else "undecided"

    def only(self, kept):
        return Plain(
            [a for a in self.arguments if a in kept],
            [(a, b) for a, b in self.attacks if a in kept and b in kept],
        )

    def flips(self, argument, start, candidates, semantics, largest):
        """Sets to add to or take from ``start``, none larger than it must be."""
        before = self.only(start).standing(argument, semantics)
        able = {
            frozenset(chosen): after
            for chosen in subsets(candidates)
            if len(chosen) <= largest
            for after in [
                self.only(set(start) ^ set(chosen)).standing(argument, semantics)
            ]
            if after != before
        }
        return {
            chosen: (before, after)
            for chosen, after in able.items()
            if not any(other < chosen for other in able)
        }


def subsets(items):
    items = tuple(items)
    return chain.from_iterable(combinations(items, k) for k in range(len(items) + 1))
