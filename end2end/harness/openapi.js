// The API's own description, and answers held against it.

import assert from "node:assert/strict";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";

const SHARED = "headhaul:/schemas";

/** Holds answers against an OpenAPI 3.1 document, and remembers which operations were seen. */
export class Description {
  #ajv;
  #validators = new Map();
  answered = new Set();

  constructor(document) {
    this.document = document;
    this.base = document.servers[0].url;
    // Schemas of OpenAPI 3.1 are JSON Schema 2020-12; `example` is a word of OpenAPI alone.
    this.#ajv = new Ajv2020({ allErrors: true, strict: true, strictTypes: false, keywords: ["example"] });
    addFormats(this.#ajv);
    for (const [format, bits] of [["int32", 31n], ["int64", 63n]]) {
      const limit = Number(2n ** bits);
      this.#ajv.addFormat(format, { type: "number", validate: (number) => Math.abs(number) <= limit });
    }
    this.#ajv.addSchema({ $id: SHARED, $defs: pointingToShared(document.components?.schemas ?? {}) });
  }

  /** Every operation as `[method, path, operation]`. */
  get operations() {
    return Object.entries(this.document.paths).flatMap(([path, item]) =>
      Object.entries(item).map(([method, operation]) => [method.toUpperCase(), path, operation]),
    );
  }

  /** The described path that an address belongs to; the one without parameters wins. */
  pathOf(address) {
    const [path] = address.split("?");
    const fits = Object.keys(this.document.paths).filter((template) => {
      const pattern = template.replace(/\{[^}]+\}/g, "[^/]+");
      return new RegExp(`^${pattern}$`).test(path);
    });
    return fits.find((template) => template === path) ?? fits[0];
  }

  /** An answer is one that is described, and its body is as described. */
  check(method, address, answer) {
    const path = this.pathOf(address);
    const operation = this.document.paths[path]?.[method.toLowerCase()];
    assert.ok(operation, `${method} ${address} is described`);
    const response = operation.responses[answer.status];
    assert.ok(response, `${method} ${path} describes an answer ${answer.status}: ${answer.text}`);
    const kind = Object.keys(response.content ?? {})[0];
    const schema = response.content?.[kind]?.schema;
    assert.ok(schema, `${method} ${path} describes the body of ${answer.status}`);
    const body = kind === "application/json" ? answer.json : answer.text;
    this.#validate(schema, body, `${method} ${address} ${answer.status}`);
    this.answered.add(`${method} ${path} ${answer.status}`);
  }

  /** A body that is sent is as described. */
  checkRequest(method, address, body) {
    const operation = this.document.paths[this.pathOf(address)][method.toLowerCase()];
    this.#validate(operation.requestBody.content["application/json"].schema, body, `the body of ${method} ${address}`);
  }

  #validate(schema, value, what) {
    if (!this.#validators.has(schema)) this.#validators.set(schema, this.#ajv.compile(pointingToShared(schema)));
    const validate = this.#validators.get(schema);
    assert.ok(validate(value), `${what} is not as described: ${JSON.stringify(validate.errors, null, 2)}`);
  }
}

/** References within the document, as references to the schemas that are shared. */
function pointingToShared(schema) {
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/components/schemas/', `"${SHARED}#/$defs/`));
}
