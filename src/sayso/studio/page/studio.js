// studio.js: starts the page's parts.
//
//   server.js   the way to the studio          live.js      new states, shown in place
//   player.js   the episode, single sentences  editing.js   paragraphs, names, hearing edits
//   controls.js menus, inserting, publishing   keys.js      the keyboard

import { connect } from "./live.js";
import { playLine, start } from "./player.js";
import { restore } from "./editing.js";
import "./controls.js";
import "./keys.js";

document.addEventListener("click", ({ target }) => {
  const button = target.closest(".say");
  if (button) playLine(button.closest(".line"));
});

start();
restore();
connect();
