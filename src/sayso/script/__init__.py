"""The script room: `Outline` + template in, `Script` out.

A script is a Markdown file made to be edited: `parse_script` and `print_script` are inverse, a
rendering carries every sentence of the review exactly once, and an edit survives a new rendering.
"""

from sayso.script.coverage import Coverage, cover, cut_sentences, sentence_origins
from sayso.script.lint import LintNote, check_names, lint, sound_files, sting_and_bed_names
from sayso.script.merge import Side, conflict_sides, has_conflict_markers, merge, resolve_conflicts
from sayso.script.parse import parse_script, read_script
from sayso.script.printing import print_script
from sayso.script.render import render_script
