// Judges each thing that a person was sent by the table of permissions: gives what is wrong with it, or nothing.

import { keysWithin } from "./expect.js";
import { isStaff, streamsOf } from "./truth.js";

const MONEY = ["finance", "revenue", "carrierCost", "margin", "marginPercent", "rate", "amount", "currency"];

/** Who is online and what is said to all: nothing that outside parties hear. */
const STAFF_ONLY = [
  "user:online", "user:offline", "carrier:created", "carrier:updated", "carrier:compliance:alert",
  "system:announcement", "load:location:batch", "load:claimed", "sensor:reading", "sensor:readings:batch",
  "alert:triggered", "alert:resolved",
];

/** Volatile events say nothing of when they were made; they are under way for less than this. */
const UNDER_WAY = 2_000;

/** What is wrong with a message that a socket received at a moment. */
export function judge(truth, { person, namespace, event, payload, at }) {
  if (event === "auth:expiring") return undefined;
  if (event === "stream:state") {
    return streamsOf(person, namespace).includes(payload.stream) ? undefined : `the state of ${payload.stream}`;
  }
  return judgeEnvelope(truth, person, namespace, payload, at) ?? judgeContent(truth, person, namespace, payload, at);
}

function judgeEnvelope(truth, person, namespace, envelope) {
  const { tenantId } = person.user;
  if (envelope.tenantId !== tenantId) return "an event of another tenant";
  const foreign = truth.foreignIds(tenantId, envelope);
  if (foreign.length > 0) return `ids of another tenant: ${foreign}`;
  if (envelope.stream !== null && !streamsOf(person, namespace).includes(envelope.stream)) return `of ${envelope.stream}`;
  const keys = keysWithin(envelope.data);
  if (!person.user.permissions.includes("finance_view") && MONEY.some((key) => keys.has(key))) return "money";
  if (keys.has("claimedBy") && !isStaff(person)) return "who of the staff is on the load";
  if (STAFF_ONLY.includes(envelope.event) && !isStaff(person)) return "an event for staff alone";
  return undefined;
}

function judgeContent(truth, person, namespace, { event, data, stream, timestamp }, at) {
  const { user } = person;
  if (namespace === "/events") return event === "presence:update" && !isStaff(person) ? "who looks at what" : undefined;
  if (namespace === "/notifications") {
    if (stream !== `user:${user.id}`) return "a notification in another's stream";
    if (data.userId && data.userId !== user.id) return "a notification for another";
    const about = truth.loads.get(/[0-9a-f-]{36}/.exec(data.link ?? "")?.[0]);
    return about && !about.wasSeen(person, -Infinity, at) ? "a notification of a load that was never theirs" : undefined;
  }
  if (namespace === "/chat") return judgeChat(truth, person, event, data, at);
  // Staff see every load of the tenant; that it is theirs is judged above.
  if (isStaff(person)) return undefined;
  const load = truth.loads.get(data.loadId ?? data.id);
  if (!load) return "about no load that is known";
  if (namespace === "/dispatch") return judgeLoad(load, person, event, data);
  const report = truth.sent.get(event === "checkcall:received" ? data.notes : positionMark(data.location?.lng));
  // What a stream holds was decided when it was stored; what passes by, when it was sent.
  const told = () => Date.parse(timestamp);
  const around = () => (stream === null ? [at - UNDER_WAY, at] : [told() - UNDER_WAY, told() + UNDER_WAY]);
  const window = report ? [report.from, stream === null ? at : report.to] : around();
  return load.wasSeen(person, ...window) ? undefined : "of a load that was not theirs then";
}

function judgeLoad(load, person, event, { version, newStatus }) {
  if (load.sees(person, version)) return undefined;
  // The last that they hear: that it is gone, and, where the tender was declined, the step by which.
  const isFarewell = event === "load:deleted" || (event === "load:status:changed" && newStatus === "PENDING");
  return isFarewell && load.sees(person, version - 1) ? undefined : `of version ${version}, which is not theirs`;
}

function judgeChat(truth, person, event, data, at) {
  const mark = { "message:new": data.body, "message:read": readMark(data) }[event];
  const sent = truth.sent.get(mark);
  const window = sent ? [sent.from, sent.to] : [at - UNDER_WAY, at];
  if (mark && !sent) return "what nobody sent";
  return truth.takesPart(person, data.conversationId, ...window) ? undefined : "of a conversation that is not theirs";
}

/** By what a report is known again, whatever became of the last digits on the way. */
export const positionMark = (lng) => `position ${Math.round(lng * 10_000)}`;

export const readMark = ({ conversationId, userId, messageId }) => `read ${conversationId} ${userId} ${messageId}`;

/** What is wrong with an answer to a command: a door that opened and must not have. */
export function judgeAnswer(truth, { person, command, payload, answer, from, to }) {
  const foreign = truth.foreignIds(person.user.tenantId, answer);
  if (foreign.length > 0) return `ids of another tenant: ${foreign}`;
  if (!answer.ok || /^(leave|unsubscribe):/.test(command)) return undefined;
  if (/^(subscribe|sensor|get):/.test(command)) {
    const thing = payload.siteId ?? payload.unitId ?? payload;
    const isTheirs = isStaff(person) && truth.foreignIds(person.user.tenantId, thing).length === 0;
    return isTheirs ? undefined : "let in where the cold chain is not theirs";
  }
  if (command === "presence:list") return isStaff(person) ? undefined : "who is online, for others than staff";
  const about = payload.loadId ?? payload.conversationId;
  return !about || truth.takesPart(person, about, from, to) ? undefined : "let in where it is not theirs";
}

/** A door that stayed closed and must not have. What other commands refuse may have reasons of its own. */
export function judgeRefusal(truth, { person, command, payload, answer, from, to }) {
  if (answer.ok || answer.error.code === "rate_limited") return undefined;
  if (command === "presence:list") return isStaff(person) ? answer.error.message : undefined;
  if (!command.startsWith("join:")) return undefined;
  const about = payload.loadId ?? payload.conversationId;
  const load = truth.loads.get(about);
  const isTheirs = load ? load.wasSeenThroughout(person, from, to) : truth.takesPart(person, about, from, to);
  return isTheirs ? `${answer.error.message} It is theirs.` : undefined;
}
