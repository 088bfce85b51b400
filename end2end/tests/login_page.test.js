// The login page, with the page's program and without.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { browserForThisFile, visit } from "../harness/browser.js";
import { as } from "../harness/client.js";
import { send } from "../harness/http.js";
import { BoardPage, LoginPage } from "../harness/pages.js";
import { serverForThisFile } from "../harness/server.js";
import { book } from "../harness/trade.js";

const server = await serverForThisFile({ loads: 18 });
const browser = await browserForThisFile();

for (const javaScriptEnabled of [true, false]) {
  describe(`the login ${javaScriptEnabled ? "with" : "without"} JavaScript`, () => {
    const arrive = (t) => visit(t, browser, server, { javaScriptEnabled });

    test("a stranger is led to the login, and from there to the page that was wanted", async (t) => {
      const load = await book(await as(server, "maria"));
      const visitor = await arrive(t);
      await visitor.page.goto(`/dispatch?q=${load.loadNumber}`);
      assert.equal(new URL(visitor.page.url()).pathname, "/login");
      await new LoginPage(visitor).logIn("maria", server.password);
      await visitor.page.waitForURL(`${server.url}/dispatch?q=${load.loadNumber}`);
      const board = new BoardPage(visitor);
      await board.heading.waitFor();
      await board.card(load, "unassigned").waitFor();
    });

    test("a wrong password is said in words, and the address is kept", async (t) => {
      const visitor = await arrive(t);
      const login = await new LoginPage(visitor).open();
      await login.logIn("maria", "wrong");
      await login.message.filter({ hasText: "E-mail address or password is wrong." }).waitFor();
      assert.equal(await login.email.inputValue(), "maria@acme.test");
      assert.equal(await login.password.inputValue(), "");
      await login.logIn("maria", server.password);
      await new BoardPage(visitor).heading.waitFor();
    });

    test("the logout leads to the login, and the way back is closed", async (t) => {
      const visitor = await arrive(t);
      await (await new LoginPage(visitor).open()).logIn("john", server.password);
      const board = new BoardPage(visitor);
      await board.heading.waitFor();
      const cookie = (await visitor.context.cookies()).find(({ name }) => name === "auth_token");
      assert.deepEqual([cookie.name, cookie.httpOnly, cookie.sameSite, cookie.secure], ["auth_token", true, "Lax", false]);
      await board.logOut.click();
      await visitor.page.waitForURL(/\/login/);
      const left = (await visitor.context.cookies()).map(({ name, httpOnly }) => [name, httpOnly]);
      assert.deepEqual(left, [["known_device", true]], "what is left lets nobody in");
      await visitor.page.goto("/dispatch");
      assert.equal(new URL(visitor.page.url()).pathname, "/login");
      await visitor.context.addCookies([cookie]);
      await visitor.page.goto("/dispatch");
      assert.equal(new URL(visitor.page.url()).pathname, "/login", "the token is worthless");
    });

    test("who is logged in does not see the login again", async (t) => {
      const visitor = await visit(t, browser, server, { javaScriptEnabled, person: await as(server, "maria") });
      for (const path of ["/login", "/"]) {
        await visitor.page.goto(path);
        assert.equal(new URL(visitor.page.url()).pathname, "/dispatch");
      }
    });
  });
}

test("the way back after a login never leaves the site", async (t) => {
  for (const next of ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]) {
    const visitor = await visit(t, browser, server);
    await (await new LoginPage(visitor).open(`?next=${encodeURIComponent(next)}`)).logIn("maria", server.password);
    await visitor.page.waitForURL(`${server.url}/dispatch`);
  }
});

test("a login from a foreign page sets no cookie", async () => {
  const body = new URLSearchParams({ email: "maria@acme.test", password: server.password }).toString();
  const headers = { "content-type": "application/x-www-form-urlencoded", origin: "https://evil.example" };
  const answer = await send(`${server.url}/login`, { method: "POST", body, headers });
  assert.equal(answer.headers["set-cookie"], undefined);
  assert.ok([303, 403].includes(answer.status), `${answer.status}`);
});

test("pages forbid foreign scripts, frames and sniffing", async () => {
  const { headers } = await send(`${server.url}/login`);
  const policy = headers["content-security-policy"];
  for (const rule of ["default-src 'self'", "connect-src 'self';", "'strict-dynamic'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"]) {
    assert.ok(policy?.includes(rule), `${rule}: ${policy}`);
  }
  assert.doesNotMatch(policy, /unsafe-inline|'unsafe-eval'/);
  assert.equal(headers["x-content-type-options"], "nosniff");
});
