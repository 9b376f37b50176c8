// The picture that has come, drawn; and what of it changes with the clock alone.

import * as clock from "./clock.js";
import { byId, rowOf, rows, setData, setText, show } from "./dom.js";
import { isAlone, moodOf, pickupOf } from "./mood.js";
import { language, words } from "./words.js";

const SIGNS = {
  calm: "✓",
  waiting: "☎\ufe0e", // the last says: as text, no picture
  fallback: "!",
  alone: "!",
  blind: "?",
  silent: "?",
  full: "?",
  starting: "…",
};
const STALE = ["silent", "full"];
const POOL = ["free", "ringing", "talking", "resting", "paused", "off"];

const share = (value) =>
  value === null
    ? "–"
    : new Intl.NumberFormat(language(), { style: "percent", maximumFractionDigits: 0 }).format(value);

export function drawWords() {
  document.documentElement.lang = language();
  for (const node of document.querySelectorAll("[data-words]")) {
    setText(node, words[node.dataset.words]);
  }
  const button = byId("language");
  setText(button, words.other);
  button.lang = words.other_lang;
}

export function draw(shown) {
  drawWaiting(shown);
  drawRings(shown);
  drawPools(shown);
  drawDay(shown);
  drawPromises(shown);
}

// Called some times a second, with a picture or without.
export function tick(shown, silentSeconds, heardAt, isFull) {
  const now = clock.now();
  const mood = moodOf(shown, now, silentSeconds, isFull);
  const facts = { ...mood, t: clock.spoken(silentSeconds) };
  if (mood.name === "blind") facts.t = clock.spoken(now - mood.since);
  if (shown !== null && heardAt !== null) facts.at = clock.at(heardAt, shown.zone, true);
  const statement = words.mood[mood.name](facts);
  setData(byId("hero"), "mood", mood.name);
  setData(document.body, "mood", mood.name);
  setText(byId("sign"), SIGNS[mood.name]);
  setText(byId("statement"), statement);
  setText(byId("detail"), words.why[mood.name](facts));
  const waits = ["alone", "fallback", "waiting"].includes(mood.name);
  show(byId("longest"), waits);
  if (waits) setText(byId("longest-clock"), clock.running(now - mood.since));
  if (document.title !== `${statement} · decroche`) document.title = `${statement} · decroche`;
  if (shown === null) return { mood: mood.name, statement, troubles: "" };
  setText(byId("time"), clock.at(now, shown.zone));
  // What is not known to go on stands still.
  tickRows(shown, STALE.includes(mood.name) ? heardAt : now);
  return { mood: mood.name, statement, troubles: drawTroubles(shown, mood.name, now) };
}

function tickRows(shown, now) {
  for (const cell of document.querySelectorAll("[data-since]")) {
    setText(cell, clock.running(now - Number(cell.dataset.since)));
  }
  for (const caller of shown.waiting) {
    const row = byId("waiting-rows").querySelector(`[data-key="${caller.call}"]`);
    if (row) setData(row, "alone", isAlone(caller, now));
  }
  for (const row of byId("promise-rows").children) {
    setData(row, "late", Number(row.dataset.due) < now && row.dataset.state !== "talking");
  }
}

// Gives what stands there, without its clocks: what changes in it is worth being told.
function drawTroubles(shown, mood, now) {
  const told = shown.troubles.filter((one) => !(one.what === "pbx" && mood === "blind"));
  show(byId("wrong"), told.length > 0);
  const key = (one) => `${one.what} ${one.line ?? ""}`;
  rows(byId("troubles"), told, key, () => document.createElement("li"), (item, one) => {
    const t = one.since === null ? "" : clock.spoken(now - one.since);
    setText(item, words.trouble[one.what]({ ...one, t }));
  });
  return told.map(key).join(", ");
}

function drawWaiting(shown) {
  const body = byId("waiting-rows");
  rows(body, shown.waiting, (one) => one.call, () => rowOf(["clock", "", "", ""], 1), (row, one) => {
    const [wait, line, rung, phones] = row.children;
    setData(wait, "since", one.since);
    setText(line, one.line);
    setText(rung, words.rung_of(one.rung, one.rungs));
    setText(phones, words.doing[one.doing] ?? words.phones_ring(one.ringing));
    setData(row, "doing", one.doing);
  });
  fold("waiting", shown.waiting_in_all, shown.waiting.length);
}

function drawRings(shown) {
  const key = (one) => `${one.line} ${one.pool} ${one.step}`;
  rows(byId("ringing-rows"), shown.rings, key, () => rowOf(["clock", "", "", ""], 2), (row, one) => {
    const [since, line, pool, step] = row.children;
    setData(since, "since", one.since);
    setText(line, one.line);
    setText(pool, one.pool);
    setText(step, words.step[one.step](one.phones));
  });
  const told = shown.rings.reduce((sum, one) => sum + one.phones, 0);
  fold("ringing", shown.ringing_in_all, told);
}

// Below a table stands that it is empty, or how many there are besides.
function fold(name, all, told) {
  setText(byId(`${name}-count`), all > 0 ? all : "");
  const below = byId(`${name}-none`);
  setText(below, all > told ? words.more(all - told) : words[below.dataset.words]);
  show(below, all === 0 || all > told);
  show(byId(rowsOf(name)).parentElement.tHead, all > 0);
}

const rowsOf = (name) => (name === "promises" ? "promise-rows" : `${name}-rows`);

function drawPools(shown) {
  const make = () => rowOf(["", ...POOL]);
  const fill = (row, pool) => {
    setText(row.firstElementChild, pool.name);
    POOL.forEach((what, at) => {
      setText(row.children[at + 1], pool[what]);
      setData(row.children[at + 1], "none", pool[what] === 0);
    });
  };
  rows(byId("pool-rows"), shown.pools, (pool) => pool.name, make, fill);
  const sum = { name: words.together };
  for (const what of POOL) sum[what] = shown.pools.reduce((all, pool) => all + pool[what], 0);
  rows(byId("pool-sum"), shown.pools.length > 1 ? [sum] : [], () => "sum", make, fill);
}

function drawDay(shown) {
  const all = pickupOf(shown.lines.map((line) => line.today));
  show(byId("pickup").parentElement, all.share !== null);
  setText(byId("pickup"), share(all.share));
  const midnight = clock.at(shown.counted_since, shown.zone) === "00:00";
  const since = midnight ? null : clock.at(shown.counted_since, shown.zone);
  setText(byId("today-detail"), words.day({ ...all, since }));
  rows(byId("line-rows"), shown.lines, (line) => line.name, () => rowOf(["", "", "", ""]), (row, line) => {
    const [name, on_duty, next, pickup] = row.children;
    setText(name, line.is_open ? line.name : `${line.name} (${words.closed})`);
    setText(on_duty, line.on_duty);
    setText(next, line.risk === null ? "–" : words.in_time(share(1 - line.risk)));
    setData(next, "risky", line.at_risk);
    setText(pickup, share(pickupOf([line.today]).share));
  });
}

function drawPromises(shown) {
  show(byId("promises"), shown.promises !== null);
  if (shown.promises === null) return;
  const { first, owed } = shown.promises;
  const key = (one) => first.indexOf(one);
  rows(byId("promise-rows"), first, key, () => rowOf(["clock", "", ""], 1), (row, one) => {
    const [due, line, state] = row.children;
    setText(due, clock.at(one.due_by, shown.zone));
    setText(line, one.line);
    setText(state, words.promise[one.state]);
    setData(row, "due", one.due_by);
    setData(row, "state", one.state);
  });
  fold("promises", owed, first.length);
}
