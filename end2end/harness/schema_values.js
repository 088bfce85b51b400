// Values that a JSON schema allows, and values that it forbids for one reason alone; made from a seed.

import { Generator } from "./fuzz.js";

const TEXTS = [
  "Prairie Paper", "a", "IL", "tx", "MC-48213", "x1", "Löwe & Söhne", "Ölmühle 7", "日本 運送", "👩‍🌾 Farms", "O'Neil_Steel", "100%",
  "=SUM(A1)", "Call ahead.\nGate 3", "a@b.example", "maria@acme.test", "/loads/1?tab=2", "/", "priority=hot", "none", "me", "today", "2026-11-21", "2026-11-21..2026-11-25", "",
];
const ALPHABETS = ["abc", "A-Z 09", "éüß", "運送", "a b", "x", "0123456789", "🚚a"];

export class SchemaValues {
  #random;
  #schemas;
  #real;

  /** `real`: ids that are there, by the schema of the id, such as `{LoadId: […]}`. */
  constructor(document, seed, real = {}) {
    this.#schemas = document.components.schemas;
    this.#random = new Generator(seed);
    this.#real = real;
  }

  chance(probability) {
    return this.#random.chance(probability);
  }

  pick(list) {
    return this.#random.pick(list);
  }

  resolve(schema) {
    if (!schema?.$ref) return schema;
    const { $ref, ...beside } = schema;
    return { ...this.#schemas[$ref.split("/").at(-1)], ...beside };
  }

  /** Something that the schema allows. */
  allowed(schema, depth = 6) {
    const name = schema?.$ref?.split("/").at(-1);
    if (this.#real[name]?.length > 0 && this.chance(0.85)) return this.pick(this.#real[name]);
    const one = this.resolve(schema);
    if ("const" in one) return one.const;
    if (one.enum) return this.pick(one.enum);
    const choices = one.oneOf ?? one.anyOf;
    if (choices) {
      const chosen = this.pick(choices);
      return this.allowed({ ...(one.type ? { type: one.type } : {}), ...chosen }, depth - 1);
    }
    const types = [one.type].flat();
    const type = types.length > 1 && this.chance(0.8) ? types.find((other) => other !== "null") : this.pick(types);
    switch (type) {
      case "null":
        return null;
      case "boolean":
        return this.chance(0.5);
      case "integer":
        return this.#integer(one);
      case "number":
        return this.#number(one);
      case "array":
        return this.#list(one, depth);
      case "object":
        return this.#object(one, depth);
      default:
        return this.#text(one);
    }
  }

  #integer({ minimum = -1_000, maximum = 1_000_000, format }) {
    const most = format === "int32" ? Math.min(maximum, 2 ** 31 - 1) : Math.min(maximum, Number.MAX_SAFE_INTEGER);
    if (this.chance(0.3)) return this.pick([minimum, most]);
    return Math.min(most, minimum + this.#random.below(Math.min(1_000, most - minimum + 1)));
  }

  #number({ minimum = -1_000, maximum = 1_000 }) {
    if (this.chance(0.3)) return this.pick([minimum, maximum]);
    return minimum + this.#random.next() * (maximum - minimum);
  }

  #list({ items, minItems = 0, maxItems = 4, uniqueItems = false }, depth) {
    const count = Math.min(maxItems, Math.max(minItems, this.#random.below(4)));
    const all = Array.from({ length: count }, () => this.allowed(items, depth - 1));
    if (!uniqueItems) return all;
    const seen = new Set();
    return all.filter((one) => !seen.has(JSON.stringify(one)) && seen.add(JSON.stringify(one)));
  }

  #object({ properties = {}, required = [] }, depth) {
    const named = Object.entries(properties).filter(([name]) => required.includes(name) || (depth > 0 && this.chance(0.5)));
    return Object.fromEntries(named.map(([name, schema]) => [name, this.allowed(schema, depth - 1)]));
  }

  #text({ format, pattern, minLength = 0, maxLength = 60 }) {
    if (format === "uuid") return this.#uuid();
    if (format === "date-time") return new Date(Date.now() + (this.#random.next() - 0.5) * 2e9).toISOString();
    const fits = new RegExp(pattern ?? "", "u");
    for (let attempt = 0; attempt < 500; attempt += 1) {
      const text = this.#anyText(minLength, maxLength);
      const length = [...text].length;
      if (length >= minLength && length <= maxLength && fits.test(text)) return text;
    }
    throw new Error(`no text for ${pattern}`);
  }

  #anyText(least, most) {
    if (this.chance(0.5)) return this.pick(TEXTS);
    const alphabet = [...this.pick(ALPHABETS)];
    const length = this.pick([least, most, least + this.#random.below(Math.min(most - least, 30) + 1)]);
    return Array.from({ length }, () => this.pick(alphabet)).join("");
  }

  #uuid() {
    const digits = Array.from({ length: 32 }, () => this.#random.below(16).toString(16)).join("");
    return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  }

  /** Every way in which a body can break one bound of its schema: `[what, body]`, the rest of each as it was. */
  broken(schema, body) {
    return [...this.#breaks(schema, body, "body")];
  }

  *#breaks(schema, value, where) {
    const one = this.resolve(schema);
    if (value === null) return;
    const choice = (one.oneOf ?? one.anyOf ?? []).find((other) => this.#isOf(this.resolve(other), value));
    if (choice) {
      yield* this.#breaks(choice, value, where);
      return;
    }
    if (typeof value === "string") {
      if (one.maxLength !== undefined) yield [`${where} is too long`, "x".repeat(one.maxLength + 1)];
      if (one.minLength > 0) yield [`${where} is too short`, ""];
      if (one.enum) yield [`${where} is none of the words`, "no such word"];
      if (one.pattern && !new RegExp(one.pattern, "u").test("\u0000")) yield [`${where} holds NUL`, `${value}\u0000x`];
    }
    if (typeof value === "number") {
      if (one.maximum !== undefined && Number.isSafeInteger(Math.trunc(one.maximum) + 1)) yield [`${where} is too large`, one.maximum + 1];
      if (one.minimum !== undefined) yield [`${where} is too small`, one.minimum - 1];
      if (one.type === "integer" || one.type?.includes?.("integer")) yield [`${where} is not whole`, value + 0.5];
      yield [`${where} is a text`, "7"];
    }
    if (Array.isArray(value)) {
      if (one.maxItems !== undefined && one.maxItems <= 1_000) {
        yield [`${where} has too many`, Array.from({ length: one.maxItems + 1 }, () => this.allowed(one.items))];
      }
      if (one.minItems > 0) yield [`${where} has too few`, value.slice(0, one.minItems - 1)];
      for (const [place, item] of value.slice(0, 2).entries()) {
        for (const [what, broken] of this.#breaks(one.items, item, `${where}[${place}]`)) {
          yield [what, value.map((other, at) => (at === place ? broken : other))];
        }
      }
    } else if (typeof value === "object") {
      for (const name of one.required ?? []) {
        const { [name]: _, ...rest } = value;
        yield [`${where} lacks ${name}`, rest];
      }
      if (one.additionalProperties === false) yield [`${where} has what there is not`, { ...value, colour: "red" }];
      for (const [name, inner] of Object.entries(value)) {
        for (const [what, broken] of this.#breaks(one.properties[name], inner, `${where}.${name}`)) {
          yield [what, { ...value, [name]: broken }];
        }
      }
    }
  }

  #isOf({ type, enum: words, const: only }, value) {
    if (only !== undefined) return only === value;
    if (words) return words.includes(value);
    const kind = Array.isArray(value) ? "array" : Number.isInteger(value) ? "integer" : typeof value;
    return [type].flat().some((one) => one === kind || (one === "number" && kind === "integer") || one === undefined);
  }
}
