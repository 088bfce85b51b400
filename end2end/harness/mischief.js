// Random users who do random things, allowed and not, over sockets and REST; everything that they are sent is kept.

import { DEEDS_OF_FREIGHT } from "./deeds_of_freight.js";
import { DEEDS_OF_TALK } from "./deeds_of_talk.js";
import { connect } from "./socket.js";

const NAMESPACES = ["/events", "/dispatch", "/tracking", "/notifications", "/chat"];
const MOST_SOCKETS = 60;

/** How often each deed is done. */
const WEIGHTS = {
  open: 10, leave: 4, join: 18, command: 6, look: 6, trespass: 6,
  step: 20, hand: 10, patch: 8, report: 16, checkCall: 3, claim: 4, watch: 5, measure: 6,
  write: 12, type: 8, read: 4, begin: 1, tell: 2, announce: 1, enrol: 2,
};

const DEEDS = { ...DEEDS_OF_FREIGHT, ...DEEDS_OF_TALK };

export class Mischief {
  /** What was received: `{ person, namespace, event, payload, at }`. */
  received = [];
  /** What commands were answered: `{ person, command, payload, answer, from, to }`. */
  answers = [];
  /** What REST answered and may not have. */
  faults = [];
  /** Deeds that came to nothing, by how. */
  stumbles = new Map();
  /** Places in streams, and messages, that somebody was told of. */
  cursors = [];
  messages = [];
  #sockets = [];
  #count = 0;

  /**
   * `otherDrivers`: by tenant, a driver of the same carrier as the one who has a login. `units`: `{ id, siteId }` of both
   * tenants.
   */
  constructor(test, server, truth, people, { otherDrivers, units }) {
    Object.assign(this, { test, server, truth, people, otherDrivers, units });
  }

  /** Does one thing after the other until the time has come. */
  async run(dice, end) {
    while (Date.now() < end) {
      const deed = dice.weighted(WEIGHTS);
      await (DEEDS[deed]?.(this, dice) ?? this[deed](dice)).catch((error) => {
        if (error.code === "ERR_ASSERTION") throw error;
        // A socket may be closed under what it asks; that is no fault, unless it were all the time.
        const what = `${deed}: ${error.message}`;
        this.stumbles.set(what, (this.stumbles.get(what) ?? 0) + 1);
      });
    }
  }

  /** A number that was not given before. */
  unique() {
    this.#count += 1;
    return this.#count;
  }

  /** A socket that is connected; `fits` narrows. */
  socket(dice, fits = () => true) {
    return dice.pick(this.#sockets.filter((one) => one.listener.socket.connected && fits(one)));
  }

  /** Any load, of either tenant; `fits` narrows. */
  load(dice, fits = () => true) {
    return dice.pick([...this.truth.loads.values()].filter(fits));
  }

  /** Somebody of a tenant who has one of these roles. */
  colleague(dice, { tenantId }, ...roles) {
    return dice.pick(this.people.filter(({ user }) => user.tenantId === tenantId && roles.includes(user.role)));
  }

  async open(dice) {
    if (this.#sockets.length >= MOST_SOCKETS) return this.leave(dice);
    const person = dice.pick(this.people);
    const namespace = dice.pick(NAMESPACES);
    const cursors = {};
    // Places that somebody was told of, whoever that was, sometimes under another stream's name, and older than that.
    for (let n = dice.below(3); n > 0 && this.cursors.length > 0; n -= 1) {
      const { stream, epoch, seq } = dice.pick(this.cursors);
      cursors[dice.chance(0.8) ? stream : dice.pick(this.cursors).stream] = { epoch, seq: Math.max(0, seq - dice.below(30)) };
    }
    const auth = { cursors, ...(dice.chance(0.4) ? { positions: "batch" } : {}) };
    const transports = [dice.chance(0.2) ? "polling" : "websocket"];
    const heard = (event, payload) => {
      this.received.push({ person, namespace, event, payload, at: Date.now() });
      if (event === "stream:state") this.cursors.push(payload);
      if (event === "message:new") this.messages.push(payload.data);
    };
    const listener = await connect(this.test, this.server, namespace, { token: person.token, auth, transports, heard });
    this.#sockets.push({ person, namespace, listener, open: [] });
  }

  async leave(dice) {
    const [socket] = this.#sockets.splice(dice.below(this.#sockets.length), 1);
    socket?.listener.close();
  }

  /** Sends a command; its answer is judged later. */
  async ask({ person, listener }, command, payload) {
    const from = Date.now();
    const answer = await listener.ask(command, payload);
    this.answers.push({ person, command, payload, answer, from, to: Date.now() });
    return answer;
  }

  async join(dice) {
    const socket = this.socket(dice, ({ namespace }) => ["/dispatch", "/tracking", "/chat"].includes(namespace));
    if (!socket) return;
    const verb = dice.chance(0.8) ? "join" : "leave";
    if (socket.namespace === "/chat") {
      const conversationId = this.conversation(dice);
      const { ok } = await this.ask(socket, `${verb}:conversation`, { conversationId });
      if (ok && verb === "join") socket.open.push(conversationId);
      return;
    }
    await this.ask(socket, `${verb}:load`, { loadId: this.load(dice).id });
  }

  /** A conversation: between persons, or of a load. A few loads are talked of most. */
  conversation(dice) {
    const between = [...this.truth.conversations.keys()];
    if (between.length > 0 && dice.chance(0.3)) return dice.pick(between);
    const loads = [...this.truth.loads.values()];
    return dice.pick(dice.chance(0.6) ? loads.filter((_, index) => index % 12 === 0) : loads).id;
  }

  async command(dice) {
    const socket = this.socket(dice, ({ namespace }) => namespace === "/events");
    if (!socket) return;
    if (dice.chance(0.5)) return this.ask(socket, "presence:list", {});
    return this.ask(socket, "presence:view", { page: "dispatch", loadId: dice.chance(0.5) ? this.load(dice).id : null });
  }

  /** One change of a load at a time, so that the truth of it is known. */
  async change(load, action) {
    if (load.isBusy) return;
    load.isBusy = true;
    const from = Date.now();
    try {
      const answer = await action(load.now);
      if (answer?.status === 200) load.take(answer.json.data, from);
    } finally {
      load.isBusy = false;
    }
  }

  /** Reads back a stream of whoever's: what comes is judged as if a socket had been sent it. */
  async look(dice) {
    const person = dice.pick(this.people);
    const namespace = dice.pick(NAMESPACES);
    if (this.cursors.length === 0) return;
    const { stream } = dice.pick(this.cursors);
    const answer = await person.get(`/events?${new URLSearchParams({ namespace, stream, after: 0, limit: 200 })}`);
    if (answer.status !== 200) return;
    for (const event of answer.json.data) {
      this.received.push({ person, namespace, event: event.event, payload: event, at: Date.now() });
    }
  }

  /** Tries what belongs to the other tenant, over REST. */
  async trespass(dice) {
    const load = this.load(dice);
    const person = dice.pick(this.people.filter(({ user }) => user.tenantId !== load.tenantId));
    const { version } = load.now;
    const attempts = [
      () => person.get(`/loads/${load.id}`),
      () => person.patch(`/loads/${load.id}`, { version, hot: true }),
      () => person.patch(`/loads/${load.id}/status`, { status: "ACCEPTED", version, reason: "Mine" }),
      () => person.get(`/loads/${load.id}/positions`),
      () => person.get(`/conversations/${load.id}/messages`),
      () => person.get(`/operations/tracking/positions/${load.id}`),
    ];
    const { status, text } = await dice.pick(attempts)();
    if (status < 400) this.faults.push(`${person.user.email} has ${text.slice(0, 200)} of another tenant`);
  }
}
