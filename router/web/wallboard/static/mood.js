// What there is to be seen at one glance: does anybody wait, and does anybody wait alone?

const SILENT_SECONDS = 6;

const counted = (pools, what) => pools.reduce((sum, pool) => sum + pool[what], 0);

export function moodOf(shown, now, silentSeconds, isFull) {
  if (isFull) return { name: "full" };
  if (silentSeconds > SILENT_SECONDS) return { name: "silent" };
  if (shown === null) return { name: "starting" };
  const blind = shown.troubles.find((one) => one.what === "pbx");
  if (blind) return { name: "blind", since: blind.since };
  const alone = shown.waiting.filter((one) => isAlone(one, now));
  if (alone.length) {
    const n = Math.max(alone.length, shown.alone_in_all); // not all of them may be told of
    return { name: "alone", n, since: first(alone) };
  }
  const helped = shown.waiting.filter((one) => one.doing === "fallback");
  if (helped.length) return { name: "fallback", n: helped.length, since: first(helped) };
  if (shown.waiting_in_all) {
    const ringing = shown.waiting.reduce((sum, one) => sum + one.ringing, 0);
    const doing = ["connecting", "searching", "chosen"].find((what) =>
      shown.waiting.some((one) => one.doing === what),
    );
    const facts = { n: shown.waiting_in_all, ringing, doing, since: first(shown.waiting) };
    return { name: "waiting", ...facts };
  }
  return {
    name: "calm",
    free: counted(shown.pools, "free"),
    talking: counted(shown.pools, "talking"),
  };
}

const first = (callers) => Math.min(...callers.map((one) => one.since));

export function isAlone(caller, now) {
  return caller.alone_at !== null && now >= caller.alone_at;
}

// Of calls that have ended: who left at once, or was turned away, asked for nobody.
export function pickupOf(tallies) {
  const sum = (what) => tallies.reduce((all, one) => all + one[what], 0);
  const reached = sum("answered") + sum("fallback_answered");
  const asked = reached + sum("promised") + sum("lost");
  return {
    share: asked ? reached / asked : null,
    calls: asked + sum("left_early") + sum("refused"),
    lost: sum("lost"),
    in_time: sum("in_time"),
  };
}
