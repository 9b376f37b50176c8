// The daemon's clock, as well as it can be told from here, and times as people read them.

import { language } from "./words.js";

const SET_ANEW_SECONDS = 1;

let ahead = null; // of this page's own clock, which is never set

const own = () => performance.now() / 1000;

// What has come was sent a little earlier: the least delay of all tells best.
export function hear(now) {
  const seen = now - own();
  if (ahead === null || Math.abs(seen - ahead) > SET_ANEW_SECONDS || seen > ahead) ahead = seen;
}

export const now = () => (ahead === null ? null : own() + ahead);

const two = (n) => String(n).padStart(2, "0");

export function running(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes}:${two(whole % 60)}`;
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(whole % 60)}`;
}

export function spoken(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${two(minutes % 60)}`;
}

const formats = new Map();

function format(zone, seconds) {
  const key = `${language()} ${zone} ${seconds}`;
  if (!formats.has(key)) {
    const parts = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone };
    if (seconds) parts.second = "2-digit";
    formats.set(key, new Intl.DateTimeFormat(language(), parts));
  }
  return formats.get(key);
}

export const at = (instant, zone, seconds = false) => format(zone, seconds).format(instant * 1000);
