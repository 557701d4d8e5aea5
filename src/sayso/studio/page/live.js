// live.js: the page follows the studio: it fetches each new state and becomes it in place.

import { Idiomorph } from "./vendor/idiomorph.js";
import { all, one, say } from "./page.js";
import { post, state } from "./server.js";

const followers = [];

/** Calls `action` after each new state; what it marks on the page is its own to mark again. */
export const onState = (action) => followers.push(action);

const holds = (node, selector) => node instanceof Element && (node.matches(selector) || one(selector, node));

const unsent = new Map(); // field → how much of what it says the studio does not know yet

/** What `field` says stays until it is given back as often as it was held: a state that comes before
 *  the studio has heard of it knows it only as it was. */
export const hold = (field) => unsent.set(field, (unsent.get(field) ?? 0) + 1);
export const giveBack = (field) => {
  const held = unsent.get(field) - 1;
  if (held) unsent.set(field, held); else unsent.delete(field);
};

const callbacks = {
  // An open editor is the page's own, and so is what it stands in when the state no longer has that.
  beforeNodeRemoved: (node) => !holds(node, ".editor"),
  beforeNodeMorphed: (old) => !(old instanceof Element && old.hasAttribute("data-keep")),
  // What was opened stays open, and what was not sent yet is still to be sent.
  beforeAttributeUpdated: (name, node, kind) =>
    !(name === "open" && kind === "remove") && !(name === "value" && unsent.has(node)),
};

/** Makes `element` what `html` says, without touching what a person is typing. */
export const become = (element, html, morphStyle = "outerHTML") =>
  Idiomorph.morph(element, html, { morphStyle, ignoreActiveValue: true, callbacks });

let fetching = null;
let again = false;

/** Fetches the state and shows it; asked while one is on its way, fetches once more after it. */
export function refresh() {
  if (fetching) {
    again = true;
    return fetching;
  }
  fetching = (async () => {
    do {
      again = false;
      let answer;
      try {
        answer = await fetch("state");
      } catch {
        return; // the events tell that the studio is away
      }
      if (answer.ok) show(await answer.text());
    } while (again);
  })().finally(() => { fetching = null; });
  return fetching;
}

/** Sends a change, which `field` says; what it made of the page is shown when the answer is given back. */
export async function change(action, fields = {}, field = null) {
  hold(field);
  const answer = await post(action, fields);
  giveBack(field);
  const newer = Number(answer.version) > Number(state().dataset.version);
  if (newer || answer.conflict !== undefined) await refresh();
  return answer;
}

function show(html) {
  const fresh = new DOMParser().parseFromString(html, "text/html").getElementById("studio");
  const ids = new Set(all("[id]", fresh).map((element) => element.id));
  become(state(), fresh);
  for (const element of all(".paragraph:has(> .editor)", state())) {
    element.classList.toggle("gone", !ids.has(element.id) && !element.classList.contains("new"));
  }
  for (const action of followers) action();
}

// --------------------------------------------------------------------------------------- progress

function progress({ text, done, total }) {
  const bar = one("#progress");
  bar.hidden = !text;
  if (total) {
    bar.max = total;
    bar.value = done;
  } else {
    bar.removeAttribute("value");
  }
  if (one("#busy").textContent && !text) say("The sound is up to date.", { aside: true, ms: 1500 });
  one("#busy").textContent = text;
}

// ----------------------------------------------------------------------------------- the connection

let source;
let renewal = false; // whether the page is older than the studio

function away(text, reload = false) {
  const banner = one("#away");
  banner.hidden = !text;
  banner.textContent = text;
  if (!reload) return;
  const button = document.createElement("button");
  button.textContent = "Reload";
  button.addEventListener("click", () => location.reload());
  banner.append(" ", button);
}

export function connect() {
  source = new EventSource("events");
  source.addEventListener("state", (event) => {
    const { version } = JSON.parse(event.data);
    if (String(version) !== state().dataset.version) refresh();
  });
  source.addEventListener("progress", (event) => progress(JSON.parse(event.data)));
  source.addEventListener("open", () => {
    if (!renewal) away("");
    refresh(); // what came between the page, or the lost connection, and this one
  });
  source.addEventListener("error", () => {
    away("The studio does not answer. What you typed is kept; the page goes on as soon as sayso preview runs.");
    if (source.readyState === EventSource.CLOSED) setTimeout(connect, 2000);
  });
}

addEventListener("sayso:old", () => {
  renewal = true;
  away("The studio was started anew. Reload the page to go on; what you typed is kept.", true);
});
addEventListener("pagehide", () => source?.close());
