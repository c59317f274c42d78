"""What the home page looks like: one template and one style sheet."""

from __future__ import annotations

STYLE = """
:root { --ink: #1c1c1c; --soft: #565656; --paper: #fff; --card: #f5f5f3;
  --line: #c9c9c4; --edge: #767676; --blue: #00508c; --on-blue: #fff; --green: #00674c;
  }
@media (prefers-color-scheme: dark) { :root:not([data-theme=light]) { --ink: #ececec;
  --soft: #b4b4b4; --paper: #141414; --card: #1f1f1f; --line: #3c3c3c; --edge: #8c8c8c;
  --blue: #8cc8ff; --on-blue: #00243d; --green: #63d6ae; } }
:root[data-theme=dark] { --ink: #ececec; --soft: #b4b4b4; --paper: #141414;
  --card: #1f1f1f; --line: #3c3c3c; --edge: #8c8c8c; --blue: #8cc8ff;
  --on-blue: #00243d; --green: #63d6ae; }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 1rem/1.5 system-ui, sans-serif; }
header, main, footer { max-width: 60rem; margin: 0 auto; padding: 0 1rem; }
header { padding-top: 2rem; } footer { padding-bottom: 3rem; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 .5rem; }
h2 { font-size: 1.25rem; margin: 2.5rem 0 .75rem; }
h3 { font-size: 1rem; margin: 0; }
p { max-width: 44rem; }
a { color: var(--blue); }
a:focus-visible, button:focus-visible, summary:focus-visible {
  outline: 3px solid var(--blue); outline-offset: 2px; }
.aside { position: absolute; width: 1px; height: 1px; overflow: hidden;
  clip-path: inset(50%); white-space: nowrap; }
.skip { position: absolute; left: -999rem; }
.skip:focus { position: static; }
.next { background: var(--card); border-left: 5px solid var(--blue); border-radius: 4px;
  padding: 1rem 1.25rem; margin: 1.5rem 0; }
.next p { margin: 0 0 .75rem; }
.button, button { display: inline-block; font: inherit; cursor: pointer;
  padding: .4rem .9rem; border-radius: 4px; border: 1px solid var(--edge);
  background: var(--paper); color: var(--ink); text-decoration: none; }
.button { background: var(--blue); border-color: var(--blue); color: var(--on-blue); }
dl { display: flex; flex-wrap: wrap; gap: .5rem 2rem; margin: 1rem 0; }
dl div { flex: 1 1 14rem; max-width: 22rem; }
dt { color: var(--soft); } dd { margin: 0; }
progress { width: 100%; height: .6rem; accent-color: var(--blue); }
ol.map { list-style: none; margin: 0; padding: 0; border-top: 1px solid var(--line); }
ol.map > li { display: grid; grid-template-columns: 1fr 1fr; gap: .25rem 2rem;
  padding: .9rem 0; border-bottom: 1px solid var(--line); }
@media (max-width: 40rem) { ol.map > li { grid-template-columns: 1fr; gap: .9rem; } }
.state, .minutes, .history { color: var(--soft); margin: .1rem 0 0; font-size: .9rem; }
.finished .state { color: var(--green); }
details { font-size: .9rem; margin-top: .3rem; } summary { cursor: pointer;
  color: var(--blue); }
details ul { margin: .3rem 0 0; padding-left: 1.2rem; }
form { margin: .4rem 0 0; }
code { background: var(--card); padding: .1rem .3rem; border-radius: 3px;
  overflow-wrap: anywhere; }
"""

TEMPLATE = """\
<!doctype html>
<html lang="en" data-theme="{{ scheme }}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="{{ scheme }}">
<title>coursekit: one case, three lenses</title>
<style>{{ style }}</style>
</head>
<body>
{% macro show(entry) %}
<div{% if entry.finished %} class="finished"{% endif %}>
<h3><a href="{{ link(entry.card.path) }}">{{ entry.card.title }}</a></h3>
<p class="state">{% if entry.finished %}<span aria-hidden="true">✓</span> {% endif %}
{{ entry.said }}
{% if entry.card.minutes %} · {{ entry.card.minutes }} minutes{% endif %}
{% if entry.card.questions %} · {{ entry.card.questions }} questions{% endif %}</p>
{% for line in entry.history %}
<p class="history">{{ line }}</p>
{% endfor %}
{% if entry.advice %}<p class="history">{{ entry.advice }}</p>{% endif %}
{% if entry.card.outcomes %}
<details>
<summary>What you can do by its end<span class="aside"> ({{ entry.card.title }})</span>
</summary>
<ul>{% for line in entry.card.outcomes %}<li>{{ words(line) }}</li>{% endfor %}</ul>
</details>
{% endif %}
{% if entry.card.questions and entry.progress.state in ("begun", "done") \
and not entry.finished %}
<form method="post" action="{{ base }}coursekit">
<input type="hidden" name="_xsrf" value="{{ xsrf }}">
<button name="notebook" value="{{ entry.card.path }}"
 aria-label="Hand in {{ entry.card.title }}">Hand in</button>
</form>
{% endif %}
</div>
{% endmacro %}
<a class="skip" href="#map">Go to the map</a>
<header>
<h1>One case, three lenses</h1>
<p>Kazakhstan, January 2022: protests, a state of emergency, and foreign soldiers who
came at the president's request and left within two weeks. Every fact is a claim: ask
who says so, and what would change if they were wrong.</p>
</header>
<main>
{% if said %}
<div class="next" role="status"><p>{{ said }}</p>
{% if file %}<a class="button" href="{{ base }}files/{{ file }}" download>Save \
{{ file.rsplit("/", 1)[-1] }}</a>{% endif %}</div>
{% endif %}
{% for note in notes %}
<div class="next" role="alert"><p>{{ note }}</p></div>
{% endfor %}
<section class="next" aria-label="What comes next">
{% if upcoming %}
<p>{{ "You can begin here." if not run and upcoming.call == "Begin" \
else "What comes next:" }}</p>
<a class="button" href="{{ link(upcoming.card.path) }}">{{ upcoming.call }}
{{ upcoming.card.title }}</a>
{% else %}
<p>You have run every lesson and handed in every exercise.</p>
{% endif %}
</section>
<dl>
<div><dt id="run">Lessons run</dt><dd>{{ run }} of {{ lessons }}
<progress aria-labelledby="run" value="{{ run }}" max="{{ lessons }}"></progress></dd>
</div>
<div><dt id="handed-in">Exercises handed in</dt><dd>{{ handed_in }} of {{ exercises }}
<progress aria-labelledby="handed-in" value="{{ handed_in }}"
 max="{{ exercises }}"></progress></dd></div>
</dl>
<div id="map" tabindex="-1">
{% for part, rows in parts %}
<section aria-labelledby="part-{{ loop.index }}">
<h2 id="part-{{ loop.index }}">{{ part }}</h2>
<ol class="map">
{% for lesson, exercise in rows %}
<li>
{% if lesson %}{{ show(lesson) }}{% endif %}
{% if exercise %}{{ show(exercise) }}{% endif %}
</li>
{% endfor %}
</ol>
</section>
{% endfor %}
</div>
</main>
<footer>
<h2>How it works</h2>
<ul>
<li>Read a lesson from the top.
Run each cell with <kbd>Shift</kbd>+<kbd>Enter</kbd>.</li>
<li>In an exercise, write your answer where the cell asks for it; the cell below checks
it at once, and <code>hint("name of the question")</code> helps.</li>
<li>In a terminal, <code>coursekit check exercises/NAME.ipynb</code> runs all checks of
an exercise from the top.</li>
<li><em>Hand in</em>, or <code>coursekit submit exercises/NAME.ipynb</code>, writes an
archive that you upload to your learning platform.</li>
<li>What stands here is read from your notebooks as you saved them, and sent
nowhere.</li>
<li>Your notebooks as they were before an update are in
<code>.coursekit/backup</code>.</li>
<li>If a cell says <code>No module named 'coursekit'</code>, choose <em>Kernel &gt;
Change Kernel &gt; Python 3</em>.</li>
</ul>
</footer>
<script nonce="{{ nonce }}">
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) location.replace(location.pathname);
});
</script>
</body>
</html>
"""
