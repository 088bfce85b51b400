// What a page of the board costs the server's processors, beside the same page made by a plain template.
//
// The peer (server/examples/plain_board.rs) reads the same cards out of the same database by the same query, and puts
// their words between the same markup. It knows no lanes, no urgency and no dates, and asks nobody who they are.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { as } from "../harness/client.js";
import { send } from "../harness/http.js";
import { Server } from "../harness/server.js";
import { kilobytes, milliseconds, ratio, sized } from "./figures.js";
import { startExample } from "./peers/start.js";
import { childWith, cpuOf, cpuSince } from "./usage.js";
import { MANY, demoLoads } from "./window.js";

const SIZES = sized([500, MANY], [MANY]);
const WARM_UP = sized(5, 1);
const ASKED = sized(40, 3);

export const title = "CPU of the server for a page of the board, beside a plain template";

/** The data that the page carries for its program. */
const DATA = /__RESOLVED_RESOURCES\[\d+\] = "(?:[^"\\]|\\.)*";/g;
const CARD = /<article [^]*?<\/article>/g;

const escape = (text) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

/** The page as a list of texts and of values of cards. */
function template(html, cards) {
  const known = new Map(cards.map((card) => [card.loadNumber, card]));
  const parts = [];
  let rest = 0;
  for (const card of html.matchAll(CARD)) {
    parts.push(html.slice(rest, card.index), ...partsOf(card[0], known.get(/data-load="([^"]+)"/.exec(card[0])[1])));
    rest = card.index + card[0].length;
  }
  return [...parts, html.slice(rest)];
}

function partsOf(html, card) {
  const fields = {
    loadNumber: card.loadNumber,
    customer: card.customer,
    originCity: card.origin.city,
    destinationCity: card.destination.city,
    carrier: card.carrier?.name,
    driver: card.driver?.name,
  };
  let parts = [html];
  for (const [field, value] of Object.entries(fields)) {
    if (!value) continue;
    parts = parts.flatMap((part) => {
      if (typeof part !== "string") return [part];
      const texts = part.split(escape(value));
      return texts.flatMap((text, index) => (index === 0 ? [text] : [[card.loadNumber, field], text]));
    });
  }
  return parts;
}

/** CPU of a process for one of many pages, in milliseconds, with the last of them. */
async function cost(pid, url, headers) {
  let page;
  let before;
  for (let n = -WARM_UP; n < ASKED; n += 1) {
    if (n === 0) before = cpuOf(pid);
    page = await send(url, { headers });
    if (page.status !== 200) throw new Error(`GET ${url} answered ${page.status}`);
  }
  return { cpu: cpuSince(before) / ASKED, page };
}

async function compare(size, folder) {
  const server = await Server.start({ loads: demoLoads(size) });
  try {
    const maria = await as(server, "maria");
    const { cards } = await maria.data("/loads/board");
    const pid = childWith("HEADHAUL_SERVER__ADDR", `127.0.0.1:${server.port}`);
    const cookie = `auth_token=${maria.token}`;
    const ask = (encoding) => cost(pid, `${server.url}/dispatch`, { cookie, "accept-encoding": encoding });
    const own = { identity: await ask("identity"), br: await ask("br") };
    const html = own.identity.page.text.replaceAll(DATA, "");
    const file = join(folder, `${size}.json`);
    writeFileSync(file, JSON.stringify(template(html, cards)));
    const database = `sqlite://${join(server.dataFolder, "headhaul.db")}`;
    const peer = await startExample("plain_board", [database, maria.user.tenantId, file]);
    const rows = [[`${cards.length} loads: the page without its data`, kilobytes(Buffer.byteLength(html))]];
    for (const [encoding, name] of [["identity", "as it is"], ["br", "by brotli"]]) {
      const what = `${cards.length} loads, ${name}`;
      const { cpu, page } = own[encoding];
      rows.push([`${what}: CPU, bytes`, `${milliseconds(cpu)}, ${kilobytes(page.bytes.length)}`]);
      if (!peer) continue;
      const others = { "markup alone": "/page", "with the data as JSON": "/page/data" };
      for (const [kind, path] of Object.entries(others)) {
        const other = await cost(peer.pid, `${peer.url}${path}`, { "accept-encoding": encoding });
        if (path === "/page" && encoding === "identity" && other.page.text !== html) throw new Error("the peer's page differs");
        const bytes = kilobytes(other.page.bytes.length);
        rows.push([`... beside the template, ${kind}`, `${ratio(cpu, other.cpu)} (${milliseconds(other.cpu)}, ${bytes})`]);
      }
    }
    await peer?.stop();
    if (!peer) rows.push(["the plain template", "not built: cargo build --release -p server --example plain_board"]);
    return rows;
  } finally {
    await server.close();
  }
}

export async function measure() {
  const folder = mkdtempSync(join(tmpdir(), "headhaul-bench-"));
  try {
    const rows = [];
    for (const size of SIZES) rows.push(...(await compare(size, folder)));
    return rows;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
