// keys.js: the keyboard, outside of fields.

import { all, one, reveal, setting } from "./page.js";
import { next } from "./controls.js";
import { edit } from "./editing.js";
import { playing, seek, toggle } from "./player.js";

const used = setting("keys");
const help = one("#helping");

one("#help").addEventListener("click", () => help.showModal());

/** The sentence one is at: by the focus, else the one that is heard, else the first in sight. */
function here() {
  const focused = document.activeElement?.closest(".paragraph, .segment");
  return document.activeElement?.closest(".line") ?? (focused && one(".line", focused)) ?? one(".line.now")
    ?? all(".line").find((line) => line.getBoundingClientRect().top > one("#bar").getBoundingClientRect().bottom);
}

function goTo(line) {
  if (!line) return;
  one(".say", line).focus({ preventScroll: true });
  const { top, bottom } = line.getBoundingClientRect();
  if (top < one("#bar").getBoundingClientRect().bottom + 40 || bottom > innerHeight - 60) reveal(line);
}

function step(by) {
  const lines = all(".line").filter((line) => line.checkVisibility());
  const at = lines.indexOf(document.activeElement?.closest(".line"));
  goTo(at < 0 ? here() : lines[at + by]);
}

function segment(by) {
  const segments = all(".segment").filter((found) => one(".line", found));
  const at = segments.indexOf(here()?.closest(".segment"));
  const goal = segments[at + by];
  if (!goal) return;
  reveal(goal, "start");
  one(".line .say", goal)?.focus({ preventScroll: true });
  const start = one("[data-seek]", goal);
  if (start && playing()) seek(Number(start.dataset.seek) / 1000);
}

const acts = {
  " ": toggle,
  j: () => step(1),
  k: () => step(-1),
  e: () => { const paragraph = here()?.closest(".paragraph"); if (paragraph) edit(paragraph, here().textContent.trim().slice(0, 24)); },
  "]": () => segment(1),
  "[": () => segment(-1),
  d: () => next(".doubtful"),
  u: () => one("#undo:enabled")?.click(),
  "?": () => help.showModal(),
};

addEventListener("keydown", (event) => {
  const { key, target } = event;
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || !used()) return;
  if (target.closest("input:not([type=checkbox], [type=range]), textarea, select, dialog[open], [popover]")) return;
  const sentence = target.closest(".say");
  let act = acts[key];
  if (sentence) act = { ArrowDown: acts.j, ArrowRight: acts.j, ArrowUp: acts.k, ArrowLeft: acts.k }[key] ?? act;
  else if (key === " " && target.closest("button, summary, a, label, input")) return;
  if (!act) return;
  event.preventDefault();
  act();
});
