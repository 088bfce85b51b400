// What is whose, as the test itself knows it: a model of permissions and ownership beside the server's own.
//
// Everything that changes ownership goes through here, with the moments at which it was asked for and answered. What is
// asked for and not yet answered may have happened or not: then both are true.

import { PERSONAL } from "./socket.js";
import { STATUSES } from "./trade.js";

const STAFF = ["admin", "ops_manager", "dispatcher", "support"];
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

export const isStaff = (person) => STAFF.includes(person.user.role);

/** The streams that a person may hear of in a namespace. */
export function streamsOf({ user }, namespace) {
  const own = `user:${user.id}`;
  const personal = PERSONAL.includes(namespace) ? [own] : [];
  if (STAFF.includes(user.role)) return ["tenant", ...personal];
  return user.role === "carrier" ? [`carrier:${user.carrierId}`, ...personal] : [own];
}

/** A load through its versions. */
export class LoadTruth {
  isBusy = false;
  /** `{ version, status, carrierId, driverId, from, to }`: true at most from its asking to the answer of the next. */
  versions = [];

  constructor(tenantId, card, from = -Infinity) {
    this.tenantId = tenantId;
    this.id = card.id;
    this.take(card, from);
  }

  get now() {
    return this.versions.at(-1);
  }

  /** The load as a change that was asked for at `from` has left it. */
  take({ version, status, carrier, driver }, from) {
    if (this.now) this.now.to = Date.now();
    this.versions.push({ version, status, carrierId: carrier?.id, driverId: driver?.id, from, to: Infinity });
  }

  at(version) {
    return this.versions.find((one) => one.version === version);
  }

  /** Whether a person saw it at some moment between two. */
  wasSeen(person, from, to) {
    return this.versions.some((one) => one.from <= to && one.to >= from && this.#shows(one, person));
  }

  /** Whether a person saw it all the time between two moments, without doubt. */
  wasSeenThroughout(person, from, to) {
    return this.versions.every((one) => one.from > to || one.to < from || this.#shows(one, person));
  }

  sees(person, version) {
    const state = this.at(version);
    return state !== undefined && this.#shows(state, person);
  }

  #shows({ status, carrierId, driverId }, { user }) {
    if (user.tenantId !== this.tenantId) return false;
    if (STAFF.includes(user.role)) return true;
    if (STATUSES.indexOf(status) < STATUSES.indexOf("TENDERED") && status !== "CANCELLED") return false;
    return user.role === "carrier" ? carrierId === user.carrierId : driverId === user.driverId;
  }
}

/** Everything that is known. */
export class Truth {
  loads = new Map();
  /** Conversations between persons: the ids of those who take part. */
  conversations = new Map();
  /** What was sent, by what makes it known again: `{ about, from, to, by }`. */
  sent = new Map();
  #ownerOf = new Map();

  /** All ids in this JSON belong to the tenant. */
  own(tenantId, json) {
    for (const id of idsWithin(json)) {
      if (!this.#ownerOf.has(id)) this.#ownerOf.set(id, tenantId);
    }
  }

  /** Ids in this JSON that belong to another tenant. */
  foreignIds(tenantId, json) {
    return idsWithin(json).filter((id) => (this.#ownerOf.get(id) ?? tenantId) !== tenantId);
  }

  addLoad(person, card, from) {
    this.own(person.user.tenantId, card);
    const load = new LoadTruth(person.user.tenantId, card, from);
    this.loads.set(load.id, load);
    return load;
  }

  /** Sends something that is told to others; `mark` makes it known again. */
  async send(mark, about, by, action) {
    const sent = { about, by, from: Date.now(), to: Infinity };
    this.sent.set(mark, sent);
    try {
      return await action();
    } finally {
      sent.to = Date.now();
    }
  }

  /** Whether a person takes part in a conversation at some moment between two. That of a load bears its id. */
  takesPart(person, conversationId, from, to) {
    const load = this.loads.get(conversationId);
    if (load) return load.wasSeen(person, from, to);
    return this.conversations.get(conversationId)?.includes(person.user.id) ?? false;
  }
}

function idsWithin(json) {
  return [...new Set(JSON.stringify(json ?? null).match(UUID) ?? [])];
}
