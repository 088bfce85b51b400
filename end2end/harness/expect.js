// What tests expect of answers again and again.

import assert from "node:assert/strict";

const STATUS = {
  bad_request: 400,
  unauthorized: 401,
  expired: 401,
  forbidden: 403,
  forbidden_origin: 403,
  not_found: 404,
  method_not_allowed: 405,
  conflict: 409,
  payload_too_large: 413,
  unsupported_media_type: 415,
  rule_broken: 422,
  rate_limited: 429,
};

/** An answer is a refusal with this code, its status, and nothing of the server's inside. Gives its error. */
export function refused(answer, code, rule) {
  assert.equal(answer.status, STATUS[code], answer.text);
  assert.deepEqual(Object.keys(answer.json), ["error"], answer.text);
  const { error } = answer.json;
  assert.deepEqual(Object.keys(error).sort(), ["code", "details", "message"], answer.text);
  assert.equal(error.code, code, answer.text);
  assert.ok(error.message.length > 5, `says what happened: ${answer.text}`);
  assert.doesNotMatch(error.message, /sqlx|panick|\.rs\b|SELECT |INSERT |::/, "tells nothing of the inside");
  if (rule) assert.equal(error.details?.rule, rule, answer.text);
  return error;
}

/** Runs `action`; afterwards the load is as it was, and nothing was appended to the tenant's stream. */
export async function changesNothing(client, loadId, action) {
  const before = [await client.data(`/loads/${loadId}`), await head(client)];
  const result = await action();
  assert.deepEqual([await client.data(`/loads/${loadId}`), await head(client)], before, "nothing changed");
  return result;
}

/** Where the stream of a person stands in a namespace. */
export async function head(client, namespace = "/dispatch") {
  const answer = await client.get("/loads/board");
  assert.equal(answer.status, 200, answer.text);
  const [stream, cursor] = Object.entries(answer.json.cursors[namespace])[0];
  return { stream, ...cursor };
}

/** All events of a person's own stream after a place, page by page. */
export async function eventsAfter(client, { stream, epoch, seq }, limit = 200, namespace = "/dispatch") {
  const events = [];
  for (let more = true; more; ) {
    const query = new URLSearchParams({ namespace, stream, epoch, after: seq, limit });
    const { status, json, text } = await client.get(`/events?${query}`);
    assert.equal(status, 200, text);
    assert.equal(json.recovered, true, text);
    events.push(...json.data);
    ({ more } = json);
    ({ epoch, seq } = json.cursor);
  }
  return events;
}

/** Numbers follow one another without a gap, beginning after `seq`. */
export function assertNumbered(events, seq) {
  assert.deepEqual(events.map((event) => event.seq), events.map((_, index) => seq + index + 1), "numbered without a gap");
}

const ENVELOPE = ["data", "epoch", "event", "id", "seq", "stream", "tenantId", "timestamp"];
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
export const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** An event has exactly the contract's fields, of their types. */
export function assertEnvelope(event, tenantId) {
  assert.deepEqual(Object.keys(event).sort(), ENVELOPE);
  assert.match(event.timestamp, TIME);
  assert.match(event.id, UUID);
  assert.equal(event.tenantId, tenantId);
  assert.ok(Number.isInteger(event.seq) && event.seq > 0, `seq ${event.seq}`);
  assert.ok(event.epoch.length > 0 && event.stream.length > 0);
}

/** Every key anywhere inside a JSON value. */
export function keysWithin(value, keys = new Set()) {
  if (value === null || typeof value !== "object") return keys;
  for (const [key, inner] of Object.entries(value)) {
    if (!Array.isArray(value)) keys.add(key);
    keysWithin(inner, keys);
  }
  return keys;
}

const MONEY = ["finance", "revenue", "carrierCost", "margin", "marginPercent", "rate", "amount", "currency"];

/** A JSON value holds nothing of money, however deep. */
export function assertNoMoney(value, what) {
  const found = MONEY.filter((key) => keysWithin(value).has(key));
  assert.deepEqual(found, [], `${what} holds no money`);
}
