// Input that nobody would send by mistake, made from a seed: the same seed makes the same input.

import { randomInt } from "node:crypto";

/** FUZZ_SEED repeats what failed. */
export const SEED = Number(process.env.FUZZ_SEED ?? randomInt(2 ** 31));

const UUID = "01999999-9999-7999-8999-999999999999";
const STRINGS = [
  "", " ", "\u0000", "a\u0000b", "\ud800", "\udfff\ud800", "\ufeff", "\u202egnirts", "İıßﬀ", "🚚".repeat(300), "e\u0301\u0301\u0301",
  "NaN", "Infinity", "-0", "null", "undefined", "true", "[object Object]", "0x10", "1e999", "٣",
  "__proto__", "constructor", "toString", "../../etc/passwd", "%00", "%ff%fe", "'; DROP TABLE loads; --", "\"'`", "{{7*7}}", "${1}",
  "<script>alert(1)</script>", "\r\nSet-Cookie: a=b", UUID, UUID.toUpperCase(), `{${UUID}}`, UUID.replaceAll("-", ""),
  "00000000-0000-0000-0000-000000000000", "urn:uuid:" + UUID,
  "2026-11-21T10:00:00.000Z", "0000-01-01T00:00:00Z", "9999-12-31T23:59:59.999Z", "-262144-01-01T00:00:00Z",
  "2026-02-30T00:00:00Z", "2026-11-21T23:59:60Z", "2026-11-21", "+292278994-08-17T07:12:55.807Z",
];
const NUMBERS = [
  0, -0, 1, -1, 0.1, -0.5, 1e-320, 255, 256, 2 ** 31 - 1, 2 ** 31, -(2 ** 31) - 1, 2 ** 32, 2 ** 53, 2 ** 53 + 2, 2 ** 63, -(2 ** 63),
  2 ** 64, 1e21, 1e100, 1e308, -1e308, NaN, Infinity, 90.0000001, -180.0000001, 361,
];
const KEYS = ["__proto__", "constructor", "prototype", "hasOwnProperty", "toString", "", "\u0000", "id", "ok", "error", "_placeholder", "num", "length"];

/** Objects that may have any key, `__proto__` among them. */
function objectOf(entries) {
  const object = {};
  for (const [key, value] of entries) {
    Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
  }
  return object;
}

export class Generator {
  #state;

  constructor(seed) {
    this.#state = seed >>> 0;
  }

  /** At least 0 and less than 1 (mulberry32). */
  next() {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  below(limit) {
    return Math.floor(this.next() * limit);
  }

  pick(list) {
    return list[this.below(list.length)];
  }

  chance(probability) {
    return this.next() < probability;
  }

  string() {
    // The one character that PostgreSQL can't keep.
    if (this.chance(0.15)) return `test${"\u0000"}er`;
    if (this.chance(0.7)) return this.pick(STRINGS);
    if (this.chance(0.2)) return this.pick(["x", "é", "🚚", "\u0000", " "]).repeat(this.pick([100, 501, 1_025, 5_000, 10_000]));
    return Array.from({ length: this.below(20) }, () => String.fromCharCode(this.below(0x10000))).join("");
  }

  number() {
    return this.chance(0.7) ? this.pick(NUMBERS) : (this.next() - 0.5) * 10 ** this.below(20);
  }

  /** Any value. `bytes`: attachments may be among them. */
  value({ depth = 3, bytes = false } = {}) {
    const deeper = { depth: depth - 1, bytes };
    const kinds = ["string", "string", "number", "number", "null", "boolean", "tunnel"];
    if (depth > 0) kinds.push("list", "object", "object");
    if (bytes) kinds.push("bytes");
    switch (this.pick(kinds)) {
      case "string":
        return this.string();
      case "number":
        return this.number();
      case "null":
        return null;
      case "boolean":
        return this.chance(0.5);
      case "tunnel":
        return this.tunnel();
      case "bytes":
        return Buffer.alloc(this.below(100), this.below(256));
      case "list":
        return Array.from({ length: this.below(this.chance(0.1) ? 300 : 5) }, () => this.value(deeper));
      default:
        return objectOf(Array.from({ length: this.below(5) }, () => [this.key(), this.value(deeper)]));
    }
  }

  key() {
    return this.chance(0.6) ? this.pick(KEYS) : this.string().slice(0, 50);
  }

  /** Lists or objects within one another, deeper than anybody reads. */
  tunnel() {
    let inner = null;
    const [depth, isList] = [this.pick([20, 127, 128, 129, 500, 2_000]), this.chance(0.5)];
    for (let level = 0; level < depth; level += 1) inner = isList ? [inner] : { a: inner };
    return inner;
  }

  /** A value with something in it that is wrong: replaced, taken away or added, here or further in. */
  spoil(value, options) {
    // What has the right type gets further.
    if (typeof value === "string" && this.chance(0.5)) return this.string();
    if (typeof value === "number" && this.chance(0.5)) return this.number();
    if (value === null || typeof value !== "object" || Buffer.isBuffer(value) || this.chance(0.1)) return this.value(options);
    if (Array.isArray(value)) {
      if (value.length === 0 || this.chance(0.2)) return [...value, this.value(options)];
      const index = this.below(value.length);
      return value.map((item, at) => (at === index ? this.spoil(item, options) : item));
    }
    const entries = Object.entries(value);
    if (entries.length === 0 || this.chance(0.15)) return objectOf([...entries, [this.key(), this.value(options)]]);
    const index = this.below(entries.length);
    if (this.chance(0.15)) return objectOf(entries.filter((_, at) => at !== index));
    return objectOf(entries.map(([key, inner], at) => [key, at === index ? this.spoil(inner, options) : inner]));
  }

  /** The payload with values that are there in place of some of its fields. `real` has lists of them by field. */
  grounded(payload, real) {
    return JSON.parse(JSON.stringify(payload), (key, value) => (real[key] && this.chance(0.8) ? this.pick(real[key]) : value));
  }

  /** A value as a schema of the document describes it, and plausible here and there. */
  described(schema, document, real, depth = 6) {
    if (schema === undefined || schema === true || depth < 0) return this.value();
    if (schema.$ref) {
      const shared = document.components.schemas[schema.$ref.split("/").at(-1)];
      return this.described(shared, document, real, depth - 1);
    }
    const inner = (one) => this.described(one, document, real, depth - 1);
    if (schema.allOf) return Object.assign({}, ...schema.allOf.map(inner));
    const choices = schema.oneOf ?? schema.anyOf;
    if (choices) return inner(this.pick(choices));
    if (schema.enum) return this.pick(schema.enum);
    const type = Array.isArray(schema.type) ? this.pick(schema.type) : schema.type;
    switch (type) {
      case "object":
        return objectOf(
          Object.entries(schema.properties ?? {})
            .filter(([name]) => schema.required?.includes(name) || this.chance(0.5))
            .map(([name, property]) => [name, real[name] && this.chance(0.8) ? this.pick(real[name]) : inner(property)]),
        );
      case "array":
        return Array.from({ length: this.below(4) }, () => inner(schema.items));
      case "integer":
        return this.chance(0.8) ? this.below(10) : Math.trunc(this.pick(NUMBERS));
      case "number":
        return this.chance(0.8) ? this.next() * 90 : this.number();
      case "boolean":
        return this.chance(0.5);
      case "null":
        return null;
      case "string":
        if (schema.format === "uuid") return this.chance(0.7) ? this.pick(real.loadId) : UUID;
        if (schema.format === "date-time") return new Date(Date.UTC(2026, 10, 21) + this.below(10 ** 9)).toISOString();
        return this.chance(0.5) ? this.pick(["Prairie Foods", "test", "IL", "reefer"]) : this.string();
      default:
        return this.value();
    }
  }
}

/** Whether JSON carries a value to everybody: strings are Unicode, and nothing lies deeper than readers follow. */
export function isReadable(value) {
  let depth = 0;
  for (const character of JSON.stringify(value).replace(/"(\\.|[^"\\])*"/g, "")) {
    if ("[{".includes(character)) depth += 1;
    if ("]}".includes(character)) depth -= 1;
    if (depth > 100) return false;
  }
  return !/\\ud[89a-f]/.test(JSON.stringify(value));
}

/** What is shown of an input that failed. */
export function shown(input) {
  const text = JSON.stringify(input) ?? String(input);
  return text.length > 300 ? `${text.slice(0, 300)}… (${text.length} characters)` : text;
}
