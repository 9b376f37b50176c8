// The daemon's pictures as they come. A stream that falls silent is left, and another one opened.

const STREAM = "/wallboard/stream";
const SILENT_MS = 6000; // three signs of life are missing
const LOOK_MS = 1000;
const AGAIN_MS = [500, 1000, 2000, 4000, 8000];
const ANSWER_MS = 5000;

async function statusOfStream() {
  const asked = new AbortController();
  const late = setTimeout(() => asked.abort(), ANSWER_MS);
  try {
    return (await fetch(STREAM, { signal: asked.signal, cache: "no-store" })).status;
  } catch {
    return null;
  } finally {
    clearTimeout(late);
    asked.abort();
  }
}

// `full` is called where too many others watch.
export function listen(hear, full) {
  let source = null;
  let tries = 0;
  let heardAt = performance.now();
  let waiting = null;

  function open() {
    waiting = null;
    heardAt = performance.now();
    source = new EventSource(STREAM);
    source.onmessage = (event) => {
      heardAt = performance.now();
      tries = 0;
      hear(event.data);
    };
    source.onerror = again;
  }

  function again() {
    if (waiting !== null) return;
    source.close();
    waiting = setTimeout(ask, AGAIN_MS[Math.min(tries++, AGAIN_MS.length - 1)]);
  }

  // Why a stream was refused is told to a fetch alone: who is no longer let in sees the door.
  async function ask() {
    const status = await statusOfStream();
    if (status === 401 || status === 403) {
      location.reload();
    } else if (status === 200) {
      open();
    } else {
      if (status === 503) full();
      waiting = null;
      again();
    }
  }

  setInterval(() => {
    if (waiting === null && performance.now() - heardAt > SILENT_MS) again();
  }, LOOK_MS);
  open();
}
