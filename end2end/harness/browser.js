// A real browser. Whatever a page complains about that the test did not expect fails the test.

import assert from "node:assert/strict";
import { after } from "node:test";
import { chromium } from "playwright-core";
import { atEnd } from "./cleanup.js";
import { temporaryFolder } from "./leftovers.js";

const TIMEOUT = 15_000;
const LAPTOP = { width: 1_440, height: 900 };

/** One Chromium for all tests of the file that asks; it ends with them. */
export async function browserForThisFile() {
  const { folder, remove } = temporaryFolder();
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
    env: { ...process.env, HOME: folder },
    args: [
      "--no-sandbox",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
  after(async () => {
    await browser.close();
    remove();
  });
  return browser;
}

/**
 * Somebody at a browser of their own. `person` (of harness/client.js) is logged in already; without one, nobody is.
 * `allow` are complaints that the test provokes, beside those that `visitor.allow` adds later.
 */
export async function visit(test, browser, server, options = {}) {
  const { person, scheme = "light", javaScriptEnabled = true, viewport = LAPTOP, allow = [], ...more } = options;
  const context = await browser.newContext({
    baseURL: server.url,
    colorScheme: scheme,
    javaScriptEnabled,
    viewport,
    reducedMotion: "reduce",
    timezoneId: "America/Chicago",
    locale: "en-US",
    ...more,
  });
  context.setDefaultTimeout(TIMEOUT);
  // Without JavaScript nothing carries the nonce on to the script that is preloaded, and the policy refuses it.
  const refused = javaScriptEnabled ? [] : [/pkg\/headhaul\.js csp$/];
  const visitor = new Visitor(context, await context.newPage(), [...allow, ...refused]);
  atEnd(test, () => visitor.leave());
  if (person) await visitor.isKnownAs(person);
  return visitor;
}

class Visitor {
  complaints = [];

  constructor(context, page, allowed) {
    this.context = context;
    this.page = page;
    this.allowed = [...allowed];
    page.on("console", (message) => {
      if (message.type() === "error") this.#complain(`console: ${message.text()} (${message.location().url})`);
    });
    page.on("pageerror", (error) => this.#complain(`exception: ${error.stack ?? error}`));
    page.on("requestfailed", (request) => {
      const { errorText } = request.failure();
      // A page that is left takes its requests with it.
      if (errorText !== "net::ERR_ABORTED") this.#complain(`request: ${request.method()} ${request.url()} ${errorText}`);
    });
    page.on("request", (request) => {
      const { protocol, hostname } = new URL(request.url());
      const isLocal = ["data:", "blob:"].includes(protocol) || hostname === "127.0.0.1";
      if (!isLocal) this.#complain(`request to the outside: ${request.url()}`);
    });
    page.on("dialog", (dialog) => {
      this.#complain(`native dialog: ${dialog.message()}`);
      dialog.dismiss();
    });
  }

  #complain(text) {
    this.complaints.push(text);
  }

  /** From now on, and from before: complaints like this are what the test wants to see. */
  allow(...patterns) {
    this.allowed.push(...patterns);
  }

  /** The browser holds a person's cookie. */
  async isKnownAs({ server, token }) {
    await this.context.addCookies([
      { name: "auth_token", value: token, url: server.url, httpOnly: true, sameSite: "Lax" },
    ]);
  }

  get unexpected() {
    return this.complaints.filter((complaint) => !this.allowed.some((pattern) => pattern.test(complaint)));
  }

  /** Closes the browser's window; fails when the page complained. */
  async leave() {
    await this.context.close();
    assert.deepEqual(this.unexpected, [], "the page complains of nothing");
  }
}
