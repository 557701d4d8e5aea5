// editing.js: paragraphs edited in place; names; and each edit heard as soon as it is voiced.
// What is typed lives in the editor and in sessionStorage until it is saved or given up.

import { all, calmly, one, reveal, say, setting } from "./page.js";
import { become, change, onState } from "./live.js";
import { playLines } from "./player.js";
import { post, seen, state, told } from "./server.js";

const hear = setting("hear");

// ------------------------------------------------------------------------------------- the editor

const drafts = new Map(); // form → what it edits: {kind, id, item, seen, base, after, conflict}

const paragraphOf = (form) => form.parentElement;

/** Opens the paragraph's editor, with the caret before the words that begin with `from`. */
export function edit(paragraph, from = "") {
  const open = one(":scope > .editor", paragraph);
  if (open) return one("textarea", open).focus();
  const base = paragraph.dataset.words;
  const draft = { kind: "words", id: paragraph.id, item: paragraph.dataset.item, seen: seen(), base };
  const field = build(paragraph, draft, base);
  const caret = Math.max(from ? base.indexOf(from) : 0, 0);
  field.focus({ preventScroll: true });
  field.setSelectionRange(caret, caret);
}

/** An editor for a paragraph that is not there yet, after `place`, the row that its menu was opened on. */
export function openNew(place, after, text = "") {
  const paragraph = document.createElement("div");
  paragraph.className = "paragraph new";
  paragraph.id = `new-${after}-${Date.now()}`;
  place.after(paragraph);
  const draft = { kind: "new", id: paragraph.id, after, place: place.id, seen: seen(), base: "" };
  const field = build(paragraph, draft, text);
  field.focus({ preventScroll: true });
}

function build(paragraph, draft, text) {
  const form = one("#editor").content.firstElementChild.cloneNode(true);
  form.id = `editor-${paragraph.id}`;
  paragraph.append(form);
  drafts.set(form, draft);
  const field = one("textarea", form);
  field.value = text;
  fit(field);
  if (draft.kind === "new") one(".drop", form).remove();
  const preview = calmly(250, () => showSpoken(form));
  field.addEventListener("input", () => {
    fit(field);
    store();
    preview();
  });
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) {
      event.preventDefault();
      form.requestSubmit();
    } else if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      leave(form);
    }
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    save(form);
  });
  one(".cancel", form).addEventListener("click", () => leave(form));
  one(".drop", form)?.addEventListener("click", () => drop(form));
  reveal(form, "nearest");
  showSpoken(form).then(() => { if (form.contains(document.activeElement)) reveal(form, "nearest"); });
  return field;
}

function fit(field) {
  field.style.height = "auto";
  field.style.height = `${field.scrollHeight + 2}px`;
}
addEventListener("resize", () => all(".editor textarea").forEach(fit));

function close(form) {
  const paragraph = paragraphOf(form);
  const line = one(".line .say", paragraph);
  const had = form.contains(document.activeElement);
  drafts.delete(form);
  form.remove();
  if (paragraph.matches(".new, .gone")) {
    const before = paragraph.previousElementSibling;
    paragraph.remove();
    if (had) one("button", before ?? document)?.focus({ preventScroll: true });
  } else if (had) {
    line?.focus({ preventScroll: true });
  }
  store();
}

// Left with changes, an editor asks once: what was typed cannot be had again.
function leave(form) {
  const { base } = drafts.get(form);
  const typed = one("textarea", form).value;
  if (typed.trim() === base.trim() || "sure" in form.dataset) return close(form);
  form.dataset.sure = "";
  trouble(form, "Not saved yet. Leave once more to throw it away.");
  return setTimeout(() => {
    delete form.dataset.sure;
    if (one(".problem", form).textContent.startsWith("Not saved yet.")) trouble(form, "");
  }, 4000);
}

const trouble = (form, text) => { one(".problem", form).textContent = text; };

async function save(form) {
  if (one(".save", form).disabled) return undefined; // by Ctrl Enter, while it is being saved
  const draft = drafts.get(form);
  const words = one("textarea", form).value.trim();
  if (draft.kind === "words" && words === draft.base.trim()) return close(form);
  if (!words) return trouble(form, "There are no words. Remove takes the paragraph out.");
  // What is new afterwards is what was changed: in this paragraph, or, if it is a new one, anywhere.
  const within = draft.kind === "new" ? "script" : draft.id;
  const taken = takesOf(document.getElementById(within));
  one(".save", form).disabled = true;
  const answer = draft.kind === "new"
    ? await change("insert", { after: draft.after, what: "paragraph", value: words, seen: draft.seen })
    : await change("words", { item: draft.item, words, seen: draft.seen });
  one(".save", form).disabled = false;
  if (!answer.ok) return refused(form, answer);
  close(form);
  expect({ within, version: answer.version, taken });
  return undefined;
}

function refused(form, answer) {
  trouble(form, told(answer));
  if (answer.conflict === undefined) return;
  if (!document.getElementById(`conflict-${answer.conflict}`)) {
    close(form); // the state was here before the answer, and it is settled already
    return;
  }
  drafts.get(form).conflict = String(answer.conflict);
  store();
  goToConflict();
}

let shown = null;
function goToConflict() {
  for (const { conflict } of drafts.values()) {
    const card = conflict && document.getElementById(`conflict-${conflict}`);
    if (!card || shown === conflict) continue;
    shown = conflict;
    reveal(card);
    card.focus({ preventScroll: true });
  }
}

async function drop(form) {
  const { item, seen: on } = drafts.get(form);
  const answer = await change("remove", { item, seen: on });
  if (!answer.ok) return refused(form, answer);
  const after = paragraphOf(form).nextElementSibling;
  close(form);
  one("button", after ?? document)?.focus({ preventScroll: true });
  return say("Removed.", { undo: true, ms: 8000 });
}

async function showSpoken(form) {
  if (!drafts.has(form)) return; // closed meanwhile
  const field = one("textarea", form);
  const words = field.value;
  const answer = await post("spoken", { words });
  if (!drafts.has(form) || field.value !== words) return;
  if (answer.ok) become(one(".typed", form), answer.html, "innerHTML");
  if (!("sure" in form.dataset)) trouble(form, answer.ok ? "" : told(answer));
}

// ----------------------------------------------------------------- what is typed outlives the page

const key = `sayso.drafts.${document.body.dataset.slug}`;

function store() {
  const kept = [...drafts].map(([form, draft]) => ({ ...draft, text: one("textarea", form).value }));
  try {
    if (kept.length) sessionStorage.setItem(key, JSON.stringify(kept)); else sessionStorage.removeItem(key);
  } catch { /* private: then only the page keeps it */ }
}

/** Opens again what was being edited when the page was left. */
export function restore() {
  let kept;
  try { kept = JSON.parse(sessionStorage.getItem(key) ?? "[]"); } catch { kept = []; }
  for (const { text, ...draft } of kept) {
    const paragraphs = all(".paragraph[data-item]");
    const same = paragraphs.filter((paragraph) => paragraph.dataset.words === draft.base);
    const home = same.find((paragraph) => paragraph.id === draft.id) ?? same[0];
    if (draft.kind === "new") {
      openNew(document.getElementById(draft.place) ?? all(".add").pop(), draft.after, text);
    } else if (home) {
      build(home, { ...draft, id: home.id, item: home.dataset.item, seen: seen() }, text);
    } else { // its words are others now: the studio will say what met what
      const place = document.getElementById(draft.id) ?? paragraphs[0];
      if (place) build(place, draft, text);
    }
  }
}

// An editor goes along when its paragraph's place changes, as long as its words are those it began with.
onState(() => {
  for (const [form, draft] of [...drafts]) {
    if (draft.conflict && shown === draft.conflict && !document.getElementById(`conflict-${shown}`)) {
      close(form); // settled, with what was typed or without it
      continue;
    }
    const { item, words } = paragraphOf(form).dataset;
    const row = draft.kind === "new" && document.getElementById(draft.place);
    if (draft.kind === "words" && !paragraphOf(form).matches(".gone") && words === draft.base) {
      Object.assign(draft, { item, seen: seen() });
    } else if (row && row.nextElementSibling === paragraphOf(form)) {
      Object.assign(draft, { after: one("button", row).dataset.after, seen: seen() });
    }
    if (paragraphOf(form).matches(".gone")) trouble(form, "This paragraph is no longer in the script. Its words are kept here, to be copied.");
  }
  goToConflict();
  store();
});

// ------------------------------------------------------------------------------ hearing what changed

let expected = null; // {within: id of what holds the lines, version, taken: takes that are old}

const takesOf = (element) => new Set(all(".line", element).map((line) => line.dataset.take));

function expect(what) {
  expected = what;
  listen();
}

function listen() {
  if (!expected || Number(state().dataset.version) < expected.version) return;
  const { within, taken } = expected;
  const changed = all(".line", document.getElementById(within) ?? document)
    .filter((line) => !taken.has(line.dataset.take));
  expected = null;
  if (!changed.length) return;
  if (!document.activeElement || document.activeElement === document.body) {
    one(".say", changed[0])?.focus({ preventScroll: true });
  }
  if (hear()) playLines(changed.map((found) => found.id));
}
onState(listen);

// ------------------------------------------------------------------------------------------- names

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("form.name")) return;
  event.preventDefault();
  const paragraph = form.closest(".paragraph");
  const taken = takesOf(paragraph);
  const { say: as, ipa } = Object.fromEntries(new FormData(form));
  const answer = await change("name", { name: form.dataset.name, say: as, ipa });
  one(".problem", form).textContent = answer.ok ? "" : told(answer);
  if (!answer.ok) return;
  say(as ? `${form.dataset.name} is said “${as}” from now on.` : `${form.dataset.name} is said as it is written.`, { undo: true });
  expect({ within: paragraph.id, version: answer.version, taken });
  const editor = form.closest(".editor");
  if (editor) showSpoken(editor);
});

// ----------------------------------------------------------------------------------------- opening

document.addEventListener("click", (event) => {
  const paragraph = event.target.closest(".paragraph[data-item]");
  if (!paragraph || !getSelection().isCollapsed) return;
  if (event.target.closest(".edit")) edit(paragraph);
  else if (event.target.closest(".words") && !event.target.closest("button")) {
    const line = event.target.closest(".line");
    edit(paragraph, line?.textContent.trim().slice(0, 24));
  }
});
