// page.js: small things that every part of the page needs.

export const one = (selector, from = document) => from.querySelector(selector);
export const all = (selector, from = document) => [...from.querySelectorAll(selector)];

export const clock = (seconds) => {
  const [h, m, s] = [seconds / 3600, (seconds / 60) % 60, seconds % 60].map(Math.floor);
  const two = (n) => String(n).padStart(2, "0");
  return h ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
};

/** Settings, where the browser allows to keep them. */
export const kept = (key) => { try { return localStorage.getItem(`sayso.${key}`); } catch { return null; } };
export const keep = (key, value) => { try { localStorage.setItem(`sayso.${key}`, value); } catch { /* private */ } };

/** A checkbox whose state is kept. */
export const setting = (id) => {
  const box = document.getElementById(id);
  if (kept(id)) box.checked = kept(id) === "yes";
  box.addEventListener("change", () => keep(id, box.checked ? "yes" : "no"));
  return () => box.checked;
};

const calm = matchMedia("(prefers-reduced-motion: reduce)");

export const reveal = (element, block = "center") =>
  element.scrollIntoView({ block, behavior: calm.matches ? "auto" : "smooth" });

let saidUntil;

/** Says something to everybody, also to screen readers; `undo` offers to take it back, and `aside`
 *  does not take that offer away. */
export const say = (text, { undo = false, aside = false, ms = 5000 } = {}) => {
  if (aside && !one("#toast-undo").hidden) return;
  one("#said").textContent = text;
  one("#toast-undo").hidden = !undo;
  clearTimeout(saidUntil);
  saidUntil = setTimeout(() => {
    one("#said").textContent = "";
    one("#toast-undo").hidden = true;
  }, ms);
};

/** Calls `action` when nothing has asked for it for `ms`. */
export const calmly = (ms, action) => {
  let waiting;
  return (...given) => {
    clearTimeout(waiting);
    waiting = setTimeout(() => action(...given), ms);
  };
};
