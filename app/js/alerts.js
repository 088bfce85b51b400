// Sound and notifications of the browser. Decides nothing: who is told of what is decided in
// app/src/pages/dispatch_board/alerts*.

// Several tabs hear of the same load at once; one of them rings. Milliseconds.
const RINGS_APART = 2_000;
const RANG = "alert-rang";

// A sound that could not be played in time is not played late. Milliseconds.
const TOO_LATE = 1_500;

// Two soft notes, a fifth apart: hertz, and seconds after the beginning.
const NOTES = [[587.33, 0], [880, 0.16]];
const LOUDNESS = 0.05;
const LENGTH = 0.42;

let audio = null;
let clicked = null;

/** "granted", "denied", "default", or "unsupported" where the browser has no notifications. */
export function permission() {
  return "Notification" in globalThis ? Notification.permission : "unsupported";
}

/** Asks the person, and calls back with the permission. Only on a press: browsers ignore anything else. */
export function askPermission(callback) {
  if (!("Notification" in globalThis)) return callback("unsupported");
  Notification.requestPermission().then(callback, () => callback(permission()));
}

/** Whom to call with the `about` of a notification that is clicked; null for nobody. */
export function onClicked(callback) {
  clicked = callback ?? null;
}

/** Shows a notification. One of the same `about` from another tab is replaced, not repeated. */
export function notify(title, body, about) {
  if (permission() !== "granted") return;
  try {
    const notification = new Notification(title, { body, tag: about, silent: true });
    notification.onclick = () => {
      globalThis.focus();
      notification.close();
      clicked?.(about);
    };
  } catch {
    // Some phones have the permission and yet no notifications for pages.
  }
}

/** Plays the two notes. Before the first press on the page a browser plays nothing. */
export async function chime() {
  const asked = Date.now();
  if (asked - lastRing() < RINGS_APART) return;
  try {
    localStorage.setItem(RANG, String(asked));
  } catch {
    // Without storage each tab rings.
  }
  try {
    audio ??= new AudioContext();
    await audio.resume();
    if (Date.now() - asked < TOO_LATE) for (const [hertz, after] of NOTES) note(hertz, audio.currentTime + after);
  } catch {
    // A machine without sound.
  }
}

function lastRing() {
  try {
    return Number(localStorage.getItem(RANG)) || 0;
  } catch {
    return 0;
  }
}

function note(hertz, at) {
  const tone = audio.createOscillator();
  const volume = audio.createGain();
  tone.type = "sine";
  tone.frequency.value = hertz;
  volume.gain.setValueAtTime(0.0001, at);
  volume.gain.exponentialRampToValueAtTime(LOUDNESS, at + 0.03);
  volume.gain.exponentialRampToValueAtTime(0.0001, at + LENGTH);
  tone.connect(volume).connect(audio.destination);
  tone.start(at);
  tone.stop(at + LENGTH);
}
