// player.js: the episode and its single sentences: play, seek, the sentence that is heard.

import { all, clock, keep, kept, one, reveal, say } from "./page.js";
import { onState } from "./live.js";

const episode = one("#episode");
const take = one("#take");
const button = one("#play");
const position = one("#position");

let lines = []; // of the script, that have a place in the sound
let lit = null; // id of the one that is heard
let single = null; // id of the one whose take plays
let waiting = null; // id of the one that is to be played when it is voiced
let queue = []; // ids of those to be played after it
let following = true;

const at = (id) => id && document.getElementById(id);
const ms = (line, edge) => Number(line.dataset[edge]) / 1000;

// ---------------------------------------------------------------------------------- the episode

export const playing = () => !episode.paused;

export function toggle() {
  if (!take.paused) return stopTake();
  if (episode.paused) return play();
  return episode.pause();
}

function play() {
  stopTake();
  following = true;
  if (!episode.src) return say("The sound is not made yet.");
  return episode.play().catch(() => say("This browser cannot play the sound."));
}

/** To a time in seconds; `andPlay` starts from there. */
export function seek(seconds, andPlay = false) {
  episode.currentTime = Math.max(seconds, 0); // before loading, where it will start
  show(episode.currentTime);
  if (andPlay) play();
}

// A new sound takes over where the old one was: at the same place of the same sentence.
function adopt() {
  const sound = one("#sound[data-url]");
  const length = sound ? Number(sound.dataset.ms) / 1000 : 0;
  one("#length").textContent = clock(length);
  position.max = String(length * 1000);
  if (!sound || episode.dataset.url === sound.dataset.url) return;
  const was = place;
  const line = at(was.id);
  const to = line?.dataset.start ? ms(line, "start") + was.offset : was.seconds;
  const on = playing();
  episode.dataset.url = sound.dataset.url;
  episode.src = sound.dataset.url;
  episode.playbackRate = episode.defaultPlaybackRate;
  if (to) episode.currentTime = Math.min(to, length);
  if (on) episode.play().catch(() => {});
}

let place = { id: null, offset: 0, seconds: 0 };

function remember(seconds, line) {
  place = { id: line?.id ?? null, offset: line ? seconds - ms(line, "start") : 0, seconds };
}

// -------------------------------------------------------------------------------- what is heard

function lineAt(seconds) {
  let [low, high] = [0, lines.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ms(lines[middle], "start") <= seconds + 0.01) low = middle + 1; else high = middle;
  }
  const line = lines[low - 1];
  // A sentence stays lit over the short pause to the next one, not over music.
  return line && seconds < ms(line, "end") + 0.8 ? line : null;
}

function light(line) {
  if (lit !== (line?.id ?? null)) {
    at(lit)?.classList.remove("now");
    lit = line?.id ?? null;
  }
  line?.classList.add("now");
}

function show(seconds) {
  const line = lineAt(seconds);
  remember(seconds, line);
  const turned = line && line.id !== lit;
  if (!single) light(line);
  if (turned && playing() && following && !one(".editor:focus-within")) keepInSight(line);
  one("#now").textContent = clock(seconds);
  position.value = String(seconds * 1000);
  position.setAttribute("aria-valuetext", clock(seconds));
  const head = headLine();
  const share = `${(100 * seconds) / (Number(position.max) / 1000 || 1)}%`;
  head?.setAttribute("x1", share);
  head?.setAttribute("x2", share);
}

function headLine() {
  const wave = one(".wave");
  if (!wave) return null;
  let head = one(".playhead", wave);
  if (!head) {
    head = document.createElementNS(wave.namespaceURI, "line");
    head.setAttribute("class", "playhead");
    head.setAttribute("y2", "100%");
    wave.append(head);
  }
  return head;
}

function keepInSight(line) {
  const { top, bottom } = line.getBoundingClientRect();
  if (top < one("#bar").getBoundingClientRect().bottom + 16 || bottom > innerHeight * 0.8) reveal(line);
}

// Whoever scrolls is left in peace, until playing anew or asking to be followed.
function leave() {
  if (!following || episode.paused) return;
  following = false;
  one("#follow").hidden = false;
}
addEventListener("wheel", leave, { passive: true });
addEventListener("touchmove", leave, { passive: true });
addEventListener("keydown", ({ key, target }) => {
  if (/^(Page|Home|End|Arrow(Up|Down))/.test(key) && !target.closest("input, textarea, select")) leave();
});

function buttons() {
  const on = playing() || !take.paused;
  button.setAttribute("aria-pressed", String(on));
  button.setAttribute("aria-label", on ? "Pause" : "Play");
  one("#follow").hidden = following || episode.paused;
}

for (const sound of [episode, take]) {
  for (const kind of ["play", "pause", "ended"]) sound.addEventListener(kind, buttons);
}
episode.addEventListener("timeupdate", () => show(episode.currentTime));
episode.addEventListener("play", () => {
  const tick = () => { // smoother than the four times a second of timeupdate
    show(episode.currentTime);
    if (playing()) requestAnimationFrame(tick);
  };
  requestAnimationFrame(tick);
});
episode.addEventListener("error", () => { if (episode.dataset.url) delete episode.dataset.url; });

// ------------------------------------------------------------------------------ single sentences

/** Plays the take of each line, one after another; what is not voiced yet, as soon as it is. */
export function playLines(ids) {
  stopTake();
  episode.pause();
  [waiting, ...queue] = ids;
  playWaiting();
  if (waiting) say("It is being voiced.", { ms: 2000 });
}

export function playLine(line) {
  if (single === line.id || waiting === line.id) stopTake(); else playLines([line.id]);
}

function playWaiting() {
  const line = at(waiting);
  if (!line) waiting = null;
  mark();
  if (!line || !("voiced" in line.dataset)) return;
  single = line.id;
  waiting = null;
  take.src = `takes/${line.dataset.take}.wav`;
  take.playbackRate = take.defaultPlaybackRate;
  take.play().catch((problem) => {
    if (problem.name === "AbortError") return; // another one was asked for
    stopTake();
    say("This sentence cannot be played.");
  });
  light(line);
  mark();
}

function stopTake() {
  take.pause();
  single = waiting = null;
  queue = [];
  light(null);
  mark();
}

function mark() {
  for (const line of all(".line.single, .line.waiting")) line.classList.remove("single", "waiting");
  at(single)?.classList.add("single");
  at(waiting)?.classList.add("waiting");
}

take.addEventListener("ended", () => {
  const rest = queue;
  stopTake();
  if (rest.length) playLines(rest);
});

// ------------------------------------------------------------------------------------- controls

button.addEventListener("click", toggle);
position.addEventListener("input", () => seek(Number(position.value) / 1000));
position.addEventListener("keydown", (event) => {
  const by = { ArrowRight: 5, ArrowUp: 5, ArrowLeft: -5, ArrowDown: -5, PageUp: 30, PageDown: -30 }[event.key];
  if (!by) return;
  event.preventDefault();
  seek(episode.currentTime + by);
});
one("#follow").addEventListener("click", () => {
  following = true;
  buttons();
  if (at(lit)) reveal(at(lit));
});

const speed = one("#speed");
const setSpeed = () => {
  for (const sound of [episode, take]) sound.playbackRate = sound.defaultPlaybackRate = Number(speed.value);
  keep("speed", speed.value);
};
speed.addEventListener("change", setSpeed);
if ([...speed.options].some(({ value }) => value === kept("speed"))) {
  speed.value = kept("speed");
  setSpeed();
}

// The waveform: a click is a place in time; the arrow keys move among the segments' names.
document.addEventListener("click", (event) => {
  const wave = event.target.closest(".wave");
  const start = event.target.closest("[data-seek]");
  if (wave && event.detail) { // not by a key
    const { left, width } = wave.getBoundingClientRect();
    seek(((event.clientX - left) / width) * (Number(position.max) / 1000));
  } else if (start) {
    seek(Number(start.dataset.seek) / 1000, true);
  }
});
document.addEventListener("keydown", (event) => {
  const part = event.target.closest?.(".wave .part:focus-visible");
  if (!part) return;
  const parts = all(".wave .part");
  const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (by) {
    const next = parts[parts.indexOf(part) + by];
    if (next) {
      part.setAttribute("tabindex", "-1");
      next.setAttribute("tabindex", "0");
      next.focus();
    }
  } else if (event.key === "Enter" || event.key === " ") {
    seek(Number(part.dataset.start) / 1000, true);
  } else {
    return;
  }
  event.preventDefault();
  event.stopPropagation();
});

// The name of the segment under the pointer or the focus.
function name(part) {
  const label = one("#part");
  label.hidden = !part;
  if (!part) return;
  label.textContent = `${part.dataset.title} · ${clock(Number(part.dataset.start) / 1000)}`;
  const [box, whole] = [part.getBoundingClientRect(), one("#waves").getBoundingClientRect()];
  const most = whole.width - label.offsetWidth;
  label.style.left = `${Math.max(0, Math.min(box.left - whole.left, most))}px`;
}
for (const kind of ["pointerover", "focusin"]) {
  document.addEventListener(kind, (event) => name(event.target.closest?.(".wave .part")));
}

onState(() => {
  adopt(); // by the place in the old lines
  lines = all(".line[data-start]");
  light(at(single) ?? at(lit));
  show(episode.currentTime);
  playWaiting();
  mark();
  buttons();
});

/** Looks at the page for the first time. */
export function start() {
  adopt();
  lines = all(".line[data-start]");
  show(0);
}
