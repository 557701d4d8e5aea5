// controls.js: menus, fields and buttons that are sent as they are changed; what is inserted;
// building and publishing.

import { all, one, reveal, say } from "./page.js";
import { change, giveBack, hold } from "./live.js";
import { post, told } from "./server.js";
import { openNew } from "./editing.js";

// ------------------------------------------------- whatever has data-post: action, fields, its value

async function send(element, extra = {}) {
  const { post: action, with: fields = "", done } = element.dataset;
  const answer = await change(action, { ...Object.fromEntries(new URLSearchParams(fields)), ...extra }, element);
  if (!answer.ok) say(told(answer), { ms: 10000 });
  else if (action === "undo") say("Taken back.");
  else if (done) say(done, { undo: true, ms: 8000 });
  else if (action === "segment") say("Moved.", { undo: true });
  return answer.ok;
}

const restore = (field) => {
  if (field.matches("select")) {
    for (const option of field.options) option.selected = option.defaultSelected;
  } else {
    field.value = field.defaultValue;
  }
};

document.addEventListener("change", async ({ target }) => {
  if (!target.matches("[data-post]")) return;
  if (!target.checkValidity()) return target.reportValidity();
  const ok = await send(target, { [target.dataset.name ?? "value"]: target.value });
  // What was chosen does not hold; what was typed stays, to be typed on.
  if (!ok && target.matches("select")) restore(target);
});

document.addEventListener("keydown", (event) => {
  const field = event.target;
  if (!field.matches?.("input[data-post]")) return;
  if (event.key === "Escape") {
    restore(field);
    field.blur();
  } else if (event.key === "Enter") {
    field.blur(); // which is the change
  }
});

document.addEventListener("click", async ({ target }) => {
  const button = target.closest("button");
  if (!button) return;
  if (button.dataset.step) {
    const field = one("input", button.parentElement);
    const value = Math.min(Math.max(Number(field.value) + Number(button.dataset.step), 0.1), 60);
    field.value = String(Math.round(value * 100) / 100);
    settle(field);
  } else if (button.dataset.post) {
    const neighbour = button.dataset.post === "remove" && button.closest("[data-item]").nextElementSibling;
    if ((await send(button)) && neighbour) one("button", neighbour)?.focus();
  } else if (button.dataset.next) {
    next(button.dataset.next);
  } else if (button.matches(".close")) {
    const box = button.closest("dialog, section");
    if (box.close) box.close(); else box.hidden = true;
  }
});

// Pressed three times in a row, a step is sent once.
const stepping = new Map();
function settle(field) {
  if (stepping.has(field)) clearTimeout(stepping.get(field)); else hold(field);
  stepping.set(field, setTimeout(() => {
    stepping.delete(field);
    field.dispatchEvent(new Event("change", { bubbles: true })); // held again until the answer is here
    giveBack(field);
  }, 400));
}

/** Goes to the next of what is marked so, after where one is, and around. */
export function next(selector) {
  const found = all(selector, one("#script")).concat(selector === ".remark" ? all(".general .remark") : []);
  if (!found.length) return;
  const here = document.activeElement;
  const after = found.find((element) =>
    !element.contains(here) && here.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING
    && one("#script").contains(here));
  const goal = after ?? found[0];
  const reason = one("details.from:has(.doubt)", goal);
  if (reason) reason.open = true;
  reveal(goal);
  (reason ? one("summary", reason) : goal).focus({ preventScroll: true });
}

// ---------------------------------------------------------------------------------- what is inserted

let place = null; // the button that opened the menu

document.addEventListener("click", async ({ target }) => {
  const add = target.closest("[data-after]");
  const choice = target.closest("[data-what]");
  const menu = one("#insert");
  if (add) {
    place = add;
    const { left, bottom } = add.getBoundingClientRect();
    menu.showPopover();
    menu.style.left = `${Math.max(8, Math.min(left + scrollX, innerWidth - menu.offsetWidth - 8))}px`;
    menu.style.top = `${bottom + scrollY + 4}px`;
    one("button", menu).focus({ preventScroll: true });
  } else if (choice) {
    menu.hidePopover();
    const { what, value } = choice.dataset;
    const after = place.dataset.after;
    if (what === "paragraph") return openNew(place.parentElement, after);
    const old = new Set(all(".cue").map((cue) => cue.id));
    const answer = await change("insert", { after, what, value });
    if (!answer.ok) return say(told(answer), { ms: 10000 });
    say("Inserted.", { undo: true });
    const made = all(".cue").find((cue) => !old.has(cue.id));
    if (made) one("select, input", made)?.focus();
  }
});

document.addEventListener("keydown", (event) => {
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!by || !event.target.closest?.("#insert")) return;
  event.preventDefault();
  const choices = all("#insert button");
  choices[(choices.indexOf(event.target) + by + choices.length) % choices.length].focus();
});

// --------------------------------------------------------------------------------- build and publish

const busy = (button, is) => {
  button.disabled = is;
  button.classList.toggle("busy", is);
};

one("#build").addEventListener("click", async ({ currentTarget: button }) => {
  busy(button, true);
  say("Building …");
  const answer = await post("build");
  busy(button, false);
  const result = one("#result");
  showIn(one("div", result), answer);
  result.hidden = false;
  say(answer.ok ? one(".summary", result)?.textContent ?? "Built." : told(answer));
});

const publishing = one("#publishing");

async function publish(dry) {
  const [body, confirm] = [one("#publishing-body"), one("#publish-now")];
  confirm.disabled = true;
  body.replaceChildren(paragraph(dry ? "Looking at what would change …" : "Publishing …"));
  const answer = await post("publish", { dry_run: dry ? "1" : "0" });
  showIn(body, answer);
  confirm.hidden = !dry;
  confirm.disabled = !one("[data-can-go-on]", body);
}

function showIn(body, answer) {
  if (answer.ok) {
    const parsed = new DOMParser().parseFromString(answer.html, "text/html");
    body.replaceChildren(...parsed.body.childNodes);
  } else {
    body.replaceChildren(paragraph(told(answer), "remark error"));
  }
}

function paragraph(text, name = "") {
  const made = document.createElement("p");
  made.textContent = text;
  made.className = name;
  return made;
}

one("#publish").addEventListener("click", () => {
  publishing.showModal();
  publish(true);
});
one("#publish-now").addEventListener("click", () => publish(false));
