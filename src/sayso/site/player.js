// player.js: what a page can do beyond its own audio element, which works without it: jumps to
// chapters and sentences, the sentence that is heard, search, links to a time, speed, keys.
"use strict";
(() => {
  const one = (selector) => document.querySelector(selector);
  const all = (selector) => [...document.querySelectorAll(selector)];
  const audio = one("audio");
  const calm = matchMedia("(prefers-reduced-motion: reduce)");

  // ------------------------------------------------------------------------ words to the listener

  const said = one("#said");
  let saidUntil;
  const say = (text) => {
    if (!said) return;
    said.textContent = text;
    clearTimeout(saidUntil);
    saidUntil = setTimeout(() => { said.textContent = ""; }, 4000);
  };
  const copy = async (text, done) => {
    try {
      await navigator.clipboard.writeText(text);
      say(done);
    } catch { // no permission, or a page that came without https: show it, to be copied by hand
      say(text);
    }
  };
  // Settings are kept where the browser allows it.
  const kept = (key) => { try { return localStorage.getItem(`sayso.${key}`); } catch { return null; } };
  const keep = (key, value) => { try { localStorage.setItem(`sayso.${key}`, value); } catch { /* private */ } };

  for (const button of all("[data-copy]")) {
    const field = document.getElementById(button.dataset.copy);
    if (!field) continue;
    button.hidden = false;
    button.addEventListener("click", () => copy(field.value, "The feed's address is copied"));
    field.addEventListener("focus", () => field.select());
  }
  if (!audio) return;

  // ----------------------------------------------------------------------------------------- time

  const clock = (seconds) => {
    const [h, m, s] = [seconds / 3600, (seconds / 60) % 60, seconds % 60].map(Math.floor);
    const two = (n) => String(n).padStart(2, "0");
    return h ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
  };
  // `#t=83`, `#t=83.5`, `#t=1:23` (W3C Media Fragments, "Normal Play Time")
  const timeIn = (hash) => {
    const found = /^#t=(?:npt:)?(?:(?:(\d+):)?(\d+):)?(\d+(?:\.\d+)?)/.exec(hash);
    return found && Number(found[1] || 0) * 3600 + Number(found[2] || 0) * 60 + Number(found[3]);
  };
  const play = () => audio.play().catch(() => say("This browser cannot play the episode"));
  const seek = (seconds, andPlay) => {
    const end = Number.isFinite(audio.duration) ? audio.duration : Infinity;
    audio.currentTime = Math.min(Math.max(seconds, 0), end); // before loading, where it will start
    show(audio.currentTime);
    if (andPlay) play();
  };

  // ------------------------------------------------------------------------------ what is heard now

  const lines = all(".line[data-start]");
  const starts = lines.map((line) => Number(line.dataset.start));
  const chapters = all('nav a[href^="#t="]');
  const chapterStarts = chapters.map((link) => timeIn(link.hash));
  const now = one("#now");
  const ends = lines.map((line) => Number(line.dataset.end));
  let line = null; // the one that is marked
  let last = null; // the one before it, if the sound is between two

  const lastBefore = (times, seconds) => { // index of the last that is not later; -1 before all
    let [low, high] = [0, times.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (times[middle] <= seconds + 0.01) low = middle + 1; else high = middle;
    }
    return low - 1;
  };
  const isSeen = (element) => {
    const { top, bottom } = element.getBoundingClientRect();
    return bottom > 0 && top < innerHeight;
  };
  const reveal = (element) =>
    element.scrollIntoView({ block: "center", behavior: calm.matches ? "auto" : "smooth" });
  const show = (seconds) => {
    const at = lastBefore(starts, seconds);
    // A sentence stays marked over the short pause to the next one, not over music.
    const next = at >= 0 && seconds < ends[at] + 0.8 ? lines[at] : null;
    if (next !== line) {
      // Whoever reads along is followed; whoever has scrolled elsewhere is left in peace.
      const along = !audio.paused && last && isSeen(last) && document.activeElement !== search;
      for (const [element, is] of [[line, false], [next, true]]) {
        element?.classList.toggle("now", is);
        if (is) element?.setAttribute("aria-current", "true"); else element?.removeAttribute("aria-current");
      }
      if (along && next) {
        const { top, bottom } = next.getBoundingClientRect();
        if (bottom > innerHeight * 0.85 || top < innerHeight * 0.15) reveal(next);
      }
      line = next;
      last = next || last;
    }
    const chapter = lastBefore(chapterStarts, seconds);
    chapters.forEach((link, i) => {
      if (i === chapter) link.setAttribute("aria-current", "true"); else link.removeAttribute("aria-current");
    });
    if (now) now.textContent = clock(seconds);
    moveHead(seconds);
  };

  // ------------------------------------------------------------------------------------ waveform

  const wave = one(".waveform svg");
  const waveSeconds = Number(wave?.parentElement.dataset.seconds) || 0;
  const box = wave?.viewBox.baseVal;
  const head = wave && document.createElementNS(wave.namespaceURI, "path");
  const moveHead = (seconds) => {
    if (head && waveSeconds) head.setAttribute("d", `M${(seconds / waveSeconds) * box.width} ${box.y}v${box.height}`);
  };
  if (wave) {
    head.setAttribute("class", "head");
    wave.append(head);
    wave.addEventListener("click", (event) => {
      const { left, width } = wave.getBoundingClientRect();
      seek(((event.clientX - left) / width) * waveSeconds, true);
    });
  }

  // ---------------------------------------------------------------------------------------- jumps

  document.addEventListener("click", (event) => {
    if (event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.target.closest('a[href^="#t="]');
    if (link) {
      event.preventDefault();
      history.replaceState(null, "", link.hash);
      seek(timeIn(link.hash), true);
    } else if (event.target.closest(".line") && getSelection().isCollapsed) {
      seek(Number(event.target.closest(".line").dataset.start), true);
    }
  });
  const followHash = () => {
    const seconds = timeIn(location.hash);
    if (seconds === null) return;
    seek(seconds, !audio.paused);
    const place = lines[Math.max(lastBefore(starts, seconds), 0)];
    if (place) place.scrollIntoView({ block: "center" });
    if (audio.paused) say(`Press play to hear it from ${clock(seconds)}`);
  };
  addEventListener("hashchange", followHash);

  // ---------------------------------------------------------------------------------------- tools

  const skip = (seconds) => seek(audio.currentTime + seconds, false);
  for (const button of all("[data-skip]")) {
    button.addEventListener("click", () => skip(Number(button.dataset.skip)));
  }
  const speed = one("#speed");
  const setSpeed = (value) => {
    audio.playbackRate = audio.defaultPlaybackRate = Number(value);
    keep("speed", value);
  };
  const changeSpeed = (by) => {
    const chosen = Math.min(Math.max(speed.selectedIndex + by, 0), speed.options.length - 1);
    speed.selectedIndex = chosen;
    setSpeed(speed.value);
    say(`Speed ${speed.value}×`);
  };
  if (speed) {
    speed.addEventListener("change", () => setSpeed(speed.value));
    // The browser's own menu changes it as well.
    audio.addEventListener("ratechange", () => { speed.value = String(audio.playbackRate); });
    const before = kept("speed");
    if ([...speed.options].some((option) => option.value === before)) {
      speed.value = before;
      setSpeed(before);
    }
  }
  const share = () => {
    const page = (one('link[rel="canonical"]')?.href || location.href).split("#")[0];
    const seconds = Math.floor(audio.currentTime);
    copy(seconds ? `${page}#t=${seconds}` : page, `The link at ${clock(seconds)} is copied`);
  };
  one("#share")?.addEventListener("click", share);

  // --------------------------------------------------------------------------------------- search

  const search = one("#search");
  const found = one("#found");
  let hits = [];
  let here = -1;
  // Case, accents and curly quotes do not matter; `places` leads back to the text's own letters.
  const folded = (text) => {
    let plain = "";
    const places = [];
    for (const { 0: letter, index } of text.matchAll(/[^]/gu)) {
      const bare = letter.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
      for (const character of bare.replace(/[‘’]/g, "'").replace(/[“”]/g, '"')) {
        plain += character;
        for (let i = 0; i < character.length; i++) places.push(index);
      }
    }
    return { plain, places: [...places, text.length] };
  };
  const mark = (element, wanted) => {
    const text = element.textContent;
    const { plain, places } = folded(text);
    const parts = [];
    let done = 0;
    for (let at = plain.indexOf(wanted); at >= 0; at = plain.indexOf(wanted, at + wanted.length)) {
      const [start, end] = [places[at], places[at + wanted.length]];
      const hit = document.createElement("mark");
      hit.textContent = text.slice(start, end);
      parts.push(text.slice(done, start), hit);
      hits.push(hit);
      done = end;
    }
    if (parts.length || element.firstElementChild) element.replaceChildren(...parts, text.slice(done));
  };
  const find = () => {
    const wanted = folded(search.value.trim()).plain;
    hits = [];
    here = -1;
    for (const element of lines) {
      if (wanted) mark(element, wanted);
      else if (element.firstElementChild) element.textContent = element.textContent;
    }
    if (hits.length) step(0); else found.textContent = wanted ? "Not found" : "";
  };
  const step = (by) => {
    if (!hits.length) return;
    hits[here]?.classList.remove("here");
    here = by ? (here + by + hits.length) % hits.length : 0;
    hits[here].classList.add("here");
    found.textContent = `${here + 1} of ${hits.length}`;
    reveal(hits[here]);
  };
  if (search) {
    search.addEventListener("input", find);
    search.addEventListener("keydown", (event) => {
      if (event.key === "Enter") step(event.shiftKey ? -1 : 1);
      else if (event.key === "Escape" && search.value) { search.value = ""; find(); } else return;
      event.preventDefault();
    });
    for (const button of all("[data-step]")) {
      button.addEventListener("click", () => step(Number(button.dataset.step)));
    }
  }

  // ----------------------------------------------------------------------------------------- keys

  const sentence = (by) => {
    const at = lastBefore(starts, audio.currentTime);
    // Back goes to the start of a sentence that has been heard for a while, as players do.
    const again = by < 0 && at >= 0 && audio.currentTime - starts[at] > 1.5;
    const next = Math.min(Math.max(again ? at : at + by, 0), starts.length - 1);
    if (starts.length) seek(starts[next], false);
  };
  const actions = {
    k: () => (audio.paused ? play() : audio.pause()),
    j: () => skip(-15),
    l: () => skip(30),
    ",": () => sentence(-1),
    ".": () => sentence(1),
    "<": () => speed && changeSpeed(-1),
    ">": () => speed && changeSpeed(1),
    c: share,
    "/": () => search?.focus(),
  };
  // Keys of one character can be turned off (WCAG 2.1.4), and never act where one types.
  const useKeys = one("#keys");
  if (useKeys) {
    useKeys.checked = kept("keys") !== "off";
    useKeys.addEventListener("change", () => keep("keys", useKeys.checked ? "on" : "off"));
  }
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!useKeys?.checked || event.target.closest("input, select, textarea, [contenteditable]")) return;
    const act = Object.hasOwn(actions, event.key) && actions[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });

  // ------------------------------------------------------------------------------------- the start

  if ("mediaSession" in navigator) { // title and skips on a phone's lock screen
    const { title, show: artist } = audio.dataset;
    navigator.mediaSession.metadata = new MediaMetadata({ title, artist });
    navigator.mediaSession.setActionHandler("seekbackward", () => skip(-15));
    navigator.mediaSession.setActionHandler("seekforward", () => skip(30));
  }
  document.documentElement.classList.add("js");
  for (const element of all(".tools, .search, .hint, .keys")) element.hidden = false;
  audio.addEventListener("timeupdate", () => show(audio.currentTime));
  audio.addEventListener("seeking", () => show(audio.currentTime));
  if (location.hash) followHash();
})();
