// Tokens made by hand: with other claims, another key, another algorithm.

import { createHmac, generateKeyPairSync, randomBytes, sign } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const encode = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
const decode = (part) => JSON.parse(Buffer.from(part, "base64url").toString("utf8"));

/** What a token says. */
export function claimsOf(token) {
  return decode(token.split(".")[1]);
}

/** The key that the server signs with. */
export function signingKey(server) {
  return Buffer.from(readFileSync(join(server.dataFolder, "auth.key"), "utf8"), "base64");
}

/** A token signed with HMAC; `algorithm` is HS256, HS384 or HS512. */
export function hmacToken(claims, key, algorithm = "HS256") {
  const signed = `${encode({ alg: algorithm, typ: "JWT" })}.${encode(claims)}`;
  return `${signed}.${createHmac(algorithm.replace("HS", "sha"), key).update(signed).digest("base64url")}`;
}

/** Tokens that must open no door, each with the code that it is refused with, made from a good one. */
export function badTokens(server, good) {
  const claims = claimsOf(good);
  const key = signingKey(server);
  const [header, body, signature] = good.split(".");
  const now = Math.floor(Date.now() / 1_000);
  const promoted = encode({ ...claims, role: "admin" });
  return [
    ["expired", hmacToken({ ...claims, iat: now - 7_200, exp: now - 3_600 }, key), "expired"],
    ["expired and forged", hmacToken({ ...claims, exp: now - 3_600 }, randomBytes(32)), "unauthorized"],
    ["signed with another key", hmacToken(claims, randomBytes(32)), "unauthorized"],
    ["signed with an empty key", hmacToken(claims, Buffer.alloc(0)), "unauthorized"],
    ["with another body under its signature", `${header}.${promoted}.${signature}`, "unauthorized"],
    ["without its signature", `${header}.${body}.`, "unauthorized"],
    ["of the algorithm none", `${encode({ alg: "none", typ: "JWT" })}.${body}.`, "unauthorized"],
    ["of the algorithm none in another spelling", `${encode({ alg: "nOnE", typ: "JWT" })}.${body}.`, "unauthorized"],
    ["of the algorithm HS384 with the right key", hmacToken(claims, key, "HS384"), "unauthorized"],
    ["of the algorithm HS512 with the right key", hmacToken(claims, key, "HS512"), "unauthorized"],
    ["of the algorithm RS256", rsaToken(claims), "unauthorized"],
    ["of another issuer", hmacToken({ ...claims, iss: "somebody" }, key), "unauthorized"],
    ["without an end", hmacToken({ ...claims, exp: undefined }, key), "unauthorized"],
    ["that is no token", "nonsense", "unauthorized"],
  ];
}

function rsaToken(claims) {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2_048 });
  const signed = `${encode({ alg: "RS256", typ: "JWT" })}.${encode(claims)}`;
  return `${signed}.${sign("sha256", Buffer.from(signed), privateKey).toString("base64url")}`;
}
