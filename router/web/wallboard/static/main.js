// The wallboard. It shows the latest that the daemon has sent, and says so itself if nothing comes.

import * as clock from "./clock.js";
import { byId, setText } from "./dom.js";
import { draw, drawWords, tick } from "./draw.js";
import { listen } from "./stream.js";
import { toggle } from "./words.js";

const TICK_MS = 250;
const SAID_AGAIN_MS = 4000; // whoever listens is told of what lasts, not of each flicker
const NOW_AT = '{"now":'.length; // each message begins so; the daemon's clock follows

let shown = null;
let undrawn = null; // the latest picture, as it came; those before it are never drawn
let heardAt = null;
let heardAtOwn = performance.now();
let isFull = false; // too many others watch
let said = "";
let saidAt = -SAID_AGAIN_MS;

function hear(data) {
  heardAtOwn = performance.now();
  isFull = false;
  heardAt = Number.parseFloat(data.slice(NOW_AT));
  clock.hear(heardAt);
  if (data.includes('"shown":')) {
    if (undrawn === null && !document.hidden) requestAnimationFrame(drawLatest);
    undrawn = data;
  }
  if (document.hidden) {
    // No frame comes behind another tab, where the title is all that is seen.
    drawLatest();
    turn();
  }
}

function drawLatest() {
  if (undrawn === null) return;
  const next = JSON.parse(undrawn).shown;
  undrawn = null;
  if (shown !== null && next.page !== shown.page) {
    location.reload(); // the daemon has become another one, with other files
    return;
  }
  shown = next;
  draw(shown);
  turn();
}

function turn() {
  const now = performance.now();
  const { mood, statement, troubles } = tick(shown, (now - heardAtOwn) / 1000, heardAt, isFull);
  const telling = `${mood} ${troubles}`;
  if (mood === "starting" || telling === said || now - saidAt < SAID_AGAIN_MS) return;
  said = telling;
  saidAt = now;
  const wrong = [...byId("troubles").children].map((item) => item.textContent);
  setText(byId("announcer"), [statement, ...wrong].join(". "));
}

byId("language").addEventListener("click", () => {
  toggle();
  drawWords();
  if (shown !== null) draw(shown);
  turn();
});

document.addEventListener("visibilitychange", drawLatest);

drawWords();
turn();
setInterval(turn, TICK_MS);
listen(hear, () => {
  isFull = true;
});
