"""What `coursekit new` writes: a course folder, an exercise, a lesson."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

COURSE = """\
# The rules of this course. Lines that begin with # are examples: take the # away.
# Everything is computed anew whenever you grade, export or give feedback, so you may
# change a rule at any time. `coursekit export --check` names grades that moved.

[course]
name = "{name}"
timezone = "UTC"              # of dates below that name none, such as "Asia/Almaty"
# gradebook = "gradebook.db"  # or the URL of a database
# roster = "roster.csv"       # ours, a gradebook of Canvas, or a worksheet of Moodle
# show_markers = true         # whether feedback says who marked

# What late work loses, as in the late policy of Canvas.
[late]
# grace_minutes = 10          # lateness that is overlooked
# deduction = 0.1             # share of the points possible, for each interval begun
# interval = "day"            # or "hour"
# lowest = 0.4                # share below which lateness takes no grade
# closes_days = 7             # after that nothing is taken

# One table an exercise, by its full name.
# [exercises.02_who_may_invite]
# due = 2027-03-02T23:59:00
# counts = "latest"           # or "on_time": a late version only where none was on time
# weight = 1.0                # in the total
# cap = 30                    # most points that count
# column = "Quiz 1 (11)"      # title in the gradebook of Canvas or Moodle
# variants = true             # each student's parameters are drawn with `secret`
# late = {{ deduction = 0.2 }}  # a rule of its own

# One block an extension.
# [[extensions]]
# student = "s07"
# exercise = "02_who_may_invite"
# due = 2027-03-05T23:59:00
# reason = "illness"

[total]
# drop_lowest = 1             # of each student
# out_of = 100
"""

ROSTER = "student,name,email,canvas_id,sis_id,sis_login,moodle_id,section\n"

# What nobody but the instructor should have.
IGNORED = """\
secret
gradebook.db
roster.csv
submitted/
review/
feedback/
exports/
reports/
release/*-for/
release/*.record.json
.coursekit/
"""

_HEADER = """\
---
jupytext:
  text_representation:
    extension: .md
    format_name: myst
kernelspec:
  display_name: Python 3
  language: python
  name: python3
---
"""

_WRITTEN = {
    "tags": ["written"],
    "question": "limits",
    "points": 2,
    "rubric": [
        {
            "criterion": "Names a thing that a count of chairs leaves out",
            "points": 2,
            "levels": [
                {"points": 2, "means": "Names one, and says why it matters."},
                {"points": 1, "means": "Names one."},
                {"points": 0, "means": "Names none."},
            ],
        }
    ],
}


def _in_braces(options: Mapping[str, Any]) -> str:
    """Write the options of a Markdown cell for a text that is formatted."""
    return json.dumps(options).replace("{", "{{").replace("}", "}}")


EXERCISE = (
    _HEADER
    + """
# Shares of rooms

Three rooms hold the chairs of a school.

```{{code-cell}} python
:tags: [setup]
import pandas as pd
# If coursekit is not found, open this notebook with `coursekit lab`.
from coursekit import check, hint, open_exercise

open_exercise("{name}")
chairs = pd.Series({{"north": 1, "south": 3}})
```

## 1. Shares (2 points)

Make `shares`: for each room its share of all chairs, between 0 and 1.

```{{code-cell}} python
---
tags: [answer]
question: shares
hints: ["A share is a part divided by the whole.", "The whole is chairs.sum()."]
---
### BEGIN SOLUTION
shares = chairs / chairs.sum()
### END SOLUTION
```

```{{code-cell}} python
---
tags: [check]
question: shares
points: 2
---
check("shares", shares, rtol=1e-6)
```

```{{code-cell}} python
---
tags: [right]
question: shares
---
shares = chairs.div(4)
```

```{{code-cell}} python
---
tags: [wrong]
question: shares
message: These add up to 100. A share of a whole lies between 0 and 1.
---
shares = 100 * chairs / chairs.sum()
```

```{{code-cell}} python
---
tags: [wrong]
question: shares
message: These are the chairs themselves. Divide them by the whole.
---
shares = chairs
```

## 2. Limits (2 points)

What does a count of chairs not tell you about the rooms?
Write two sentences in the cell below.

+++ {{RUBRIC}}

Write your two sentences here.
"""
).replace("{{RUBRIC}}", _in_braces(_WRITTEN))

LESSON = (
    _HEADER
    + """
# {name}

**Time** 20 minutes. **Before** nothing. **Data** made up for this lesson.

Say here what the reader will ask of the data, and why it matters.

By the end you can

1. compute the share of each part in a whole;
2. say what a share does not tell.

```{{code-cell}} python
:tags: [setup]
import pandas as pd
# If coursekit is not found, open this notebook with `coursekit lab`.
from coursekit import quiz
```

## Predict first

Two rooms hold the chairs of a school: one in the north, three in the south.
What share of them stands in the south?

```{{code-cell}} python
guess = 0.5
print("My guess:", guess)
```

## Work

```{{code-cell}} python
chairs = pd.Series({{"north": 1, "south": 3}})
chairs / chairs.sum()
```

Compare what you see with your guess.

```{{code-cell}} python
quiz(
    "A third room with four chairs is added. What happens to the share of the south?",
    {{
        "It stays, for its chairs stay.": "The whole grew.",
        "It falls.": "The same part of a greater whole.",
    }},
    answer="It falls.",
)
```

## What this cannot show

A share of chairs says nothing about who sits on them.

## Questions to take along

- What is the whole that a share is a part of?
"""
)
