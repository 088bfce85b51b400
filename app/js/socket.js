// The browser's side of the realtime kit: the official Socket.IO client, the window's events and timers.
// It decides nothing. When to connect again is decided in app/src/realtime/reconnect.rs, and what an event does in fold.rs.

const CLIENT = "/vendor/socket.io.js";

// Milliseconds. Frames stop in a hidden tab, so a batch never waits longer than this.
const LONGEST_FRAME = 250;

// Milliseconds. The server pings every 25 s and waits 20 s: a connection that was silent for longer is dead, even if
// the computer slept and the client's own timer did not run.
const SILENCE = 60_000;

// Milliseconds. A computer that wakes up with the page in view tells nobody, so the silence is looked at by and by.
const LOOK = 2_000;

// Milliseconds of a frame that events may take in a visible tab, with what they make the page's program draw. After a
// frame that took longer fewer are handed over at once, so that a long replay or a busy minute does not stop a hand
// that drags or types; but not so few that the work which each frame costs by itself is done too often.
const FRAME_SHARE = 8;
const FEWEST = 25;
const MOST = 400;

const links = new Set();
const timers = new Set();

/** One connection for all namespaces. Its sockets are made once and connected again as often as it takes. */
export class Link {
  #namespaces;
  #callbacks;
  #manager = null;
  #sockets = new Map();
  #windowListeners = [];
  #buffer = [];
  #frame = 0;
  #timer = 0;
  #flushedAt = 0;
  #beganAt = 0;
  #atOnce = 50;
  #heardAt = 0;
  #watch = 0;
  #wanted = false;
  #opening = false;
  #open = false;
  #imports = 0;

  /**
   * @param {string} namespaces paths, separated by spaces
   * @param {(batch: string) => void} onBatch events as JSON: [[namespace, name, payload], …]; and, in order with
   *   them, what became of commands: ["", number, answer], where the answer may be "late" or "lost"
   * @param {(kind: string, detail: string) => void} onChange connected (by which transport, also when that changes),
   *   lost, refused, online, offline, visible
   * @param {(namespace: string) => string} cursors the places known in the streams of a namespace, as JSON
   * @param {() => number} handlers how many handlers there are
   */
  constructor(namespaces, onBatch, onChange, cursors, handlers) {
    this.#namespaces = namespaces.split(" ");
    this.#callbacks = { onBatch, onChange, cursors, handlers };
    this.#listen(window, "online", () => onChange("online", ""));
    this.#listen(window, "offline", () => onChange("offline", ""));
    this.#listen(document, "visibilitychange", () => {
      if (!document.hidden) this.#comeIntoView();
    });
    // A page that the browser had frozen.
    this.#listen(document, "resume", () => this.#comeIntoView());
    this.#watch = setInterval(() => this.#noticeSilence(), LOOK);
    links.add(this);
  }

  /** Connects every namespace that is not connected and not about to be. */
  async connect() {
    this.#wanted = true;
    try {
      await this.#load();
    } catch (error) {
      if (this.#wanted) this.#report("refused", String(error));
      return;
    }
    if (!this.#wanted) return;
    this.#opening = !this.#open;
    for (const socket of this.#sockets.values()) {
      // On an open connection connect() asks at once, and a second request would be one too many.
      if (!socket.connected && !(this.#open && socket.active)) socket.connect();
    }
    if (this.#opening) this.#watchOpening(this.#manager.engine);
    this.#reportIfConnected();
  }

  /** Gives up the connection or the attempt that is under way. */
  disconnect() {
    this.#wanted = false;
    // A WebSocket that does not open, and yet does not fail, is in the way: begin with polling the next time.
    if (this.#opening) this.#manager.opts.transports.reverse();
    this.#opening = false;
    for (const socket of this.#sockets.values()) socket.disconnect();
  }

  /**
   * Sends a command. Its answer comes with the events, since it may say what they have changed already.
   * @param {string} payload as JSON
   * @param {number} limit milliseconds after which it is late
   * @returns {boolean} false: its namespace is not connected, and there will be no answer
   */
  emit(namespace, name, payload, number, limit) {
    const socket = this.#sockets.get(namespace);
    if (!socket?.connected) return false;
    socket.timeout(limit).emit(name, JSON.parse(payload), (error, answer) => {
      if (error) answer = socket.connected ? "late" : "lost";
      this.#collect("", String(number), answer);
    });
    return true;
  }

  /** Disconnects and lets go of everything. No callback is called any more. */
  close() {
    this.#callbacks = null;
    this.#wanted = false;
    clearInterval(this.#watch);
    this.#forgetFrame();
    this.#buffer = [];
    for (const [target, name, listener] of this.#windowListeners) target.removeEventListener(name, listener);
    this.#windowListeners = [];
    this.#manager?.off();
    for (const socket of this.#sockets.values()) {
      socket.off();
      socket.offAny();
      socket.disconnect();
    }
    this.#sockets.clear();
    this.#manager = null;
    links.delete(this);
  }

  /** What there is of each, counted where it is kept. */
  count() {
    let listeners = this.#windowListeners.length;
    for (const name of ["open", "close", "ping"]) listeners += this.#manager?.listeners(name).length ?? 0;
    for (const socket of this.#sockets.values()) {
      listeners += socket.listenersAny().length;
      for (const name of ["connect", "connect_error", "disconnect"]) listeners += socket.listeners(name).length;
    }
    return { handlers: this.#callbacks?.handlers() ?? 0, sockets: this.#sockets.size, listeners };
  }

  async #load() {
    if (this.#manager) return;
    // A browser may remember that an import failed.
    const { Manager } = await import(this.#imports ? `${CLIENT}?retry=${this.#imports}` : CLIENT).catch((error) => {
      this.#imports += 1;
      throw error;
    });
    if (this.#manager || !this.#callbacks) return;
    const manager = new Manager(location.origin, {
      autoConnect: false,
      reconnection: false,
      timeout: false,
      transports: ["websocket", "polling"],
      tryAllTransports: true,
      withCredentials: true,
    });
    manager.on("open", () => {
      this.#open = true;
      this.#opening = false;
      this.#heardAt = Date.now();
      // It may begin by polling and find its way to WebSocket later.
      manager.engine.on("upgrade", () => this.#reportIfConnected());
    });
    manager.on("close", () => (this.#open = false));
    manager.on("ping", () => (this.#heardAt = Date.now()));
    for (const namespace of this.#namespaces) this.#sockets.set(namespace, this.#socket(manager, namespace));
    this.#manager = manager;
  }

  // A connection that is closed before it was open, by a proxy say, is no error to the client: it would wait for ever.
  #watchOpening(engine) {
    engine.once("close", (reason) => {
      if (!this.#opening || this.#manager?.engine !== engine) return;
      this.disconnect();
      this.#report("refused", reason);
    });
  }

  #socket(manager, namespace) {
    const socket = manager.socket(namespace, { auth: (give) => give({ cursors: this.#cursors(namespace) }) });
    socket.onAny((name, payload) => this.#collect(namespace, name, payload));
    socket.on("connect", () => this.#reportIfConnected());
    socket.on("connect_error", (error) => {
      this.#opening = false;
      this.#report("refused", error.message);
    });
    socket.on("disconnect", (reason) => {
      if (reason !== "io client disconnect") this.#report("lost", reason);
    });
    return socket;
  }

  // Asked for each time that a namespace connects. What is in the buffer was heard, so it counts first.
  #cursors(namespace) {
    this.#flush(this.#buffer.length);
    return this.#callbacks ? JSON.parse(this.#callbacks.cursors(namespace)) : {};
  }

  #report(kind, detail) {
    this.#callbacks?.onChange(kind, detail);
  }

  #reportIfConnected() {
    for (const socket of this.#sockets.values()) if (!socket.connected) return;
    if (this.#sockets.size) this.#report("connected", this.#manager.engine.transport.name);
  }

  #noticeSilence() {
    if (this.#open && Date.now() - this.#heardAt > SILENCE) {
      this.disconnect();
      this.#report("lost", "silent for too long");
    }
  }

  #comeIntoView() {
    this.#noticeSilence();
    this.#report("visible", "");
  }

  #listen(target, name, listener) {
    target.addEventListener(name, listener);
    this.#windowListeners.push([target, name, listener]);
  }

  #collect(namespace, name, payload) {
    if (!this.#callbacks) return;
    if (namespace) this.#heardAt = Date.now();
    this.#buffer.push([namespace, name, payload ?? null]);
    // The timers of a hidden tab may run once a minute; messages come through. Somebody waits for an answer.
    if (document.hidden && (!namespace || Date.now() - this.#flushedAt > LONGEST_FRAME)) this.#flush(this.#buffer.length);
    else this.#awaitFrame();
  }

  #awaitFrame() {
    if (this.#frame || !this.#callbacks) return;
    const flush = () => this.#flush(document.hidden ? this.#buffer.length : this.#atOnce);
    this.#frame = requestAnimationFrame(() => {
      this.#beganAt = performance.now();
      flush();
    });
    // The next callback of the same frame: by then the page's program has drawn what it was given.
    requestAnimationFrame(() => this.#judgeFrame());
    this.#timer = setTimeout(flush, LONGEST_FRAME);
  }

  #judgeFrame() {
    if (!this.#beganAt) return;
    const isSlow = performance.now() - this.#beganAt > FRAME_SHARE;
    this.#beganAt = 0;
    this.#atOnce = isSlow ? Math.max(FEWEST, this.#atOnce >> 1) : Math.min(MOST, this.#atOnce << 1);
  }

  #forgetFrame() {
    cancelAnimationFrame(this.#frame);
    clearTimeout(this.#timer);
    this.#frame = this.#timer = 0;
  }

  #flush(most) {
    this.#forgetFrame();
    this.#flushedAt = Date.now();
    const batch = this.#buffer.splice(0, most);
    if (batch.length) this.#callbacks?.onBatch(JSON.stringify(batch));
    if (this.#buffer.length) this.#awaitFrame();
  }
}

/** Calls back once, after so many milliseconds. Returns what `cancel` takes. */
export function after(millis, callback) {
  const timer = setTimeout(() => {
    timers.delete(timer);
    callback();
  }, millis);
  timers.add(timer);
  return timer;
}

export function cancel(timer) {
  clearTimeout(timer);
  timers.delete(timer);
}

/** What the browser says of its network; false is certain, true is not. */
export function isOnline() {
  return navigator.onLine;
}

let leaving = false;

/** Loads the login anew, so that nothing of the session stays in memory. It says why, and leads back here. */
export function leaveForLogin() {
  if (leaving || location.pathname === "/login") return;
  leaving = true;
  const here = encodeURIComponent(location.pathname + location.search);
  location.assign(`/login?next=${here}&error=expired`);
}

// For tests and for a look in the console: what the kit holds at this moment. It must not grow with the pages visited.
// handlers: of `use_socket_event` and live queries. listeners: on the window, the connection and the sockets.
// timers: alarms of the kit (next attempt, next poll); the frame that a batch waits for is not one of them.
globalThis.headhaulRealtime = {
  listeners() {
    const sum = { handlers: 0, sockets: 0, listeners: 0, timers: timers.size };
    for (const link of links) for (const [name, count] of Object.entries(link.count())) sum[name] += count;
    return sum;
  },
};
