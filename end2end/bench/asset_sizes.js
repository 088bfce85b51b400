// What a browser fetches for the board, raw and by brotli: the ceiling is 700 kB, the aim 450 kB.

import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";
import { kilobytes } from "./figures.js";
import { PROJECT } from "../harness/project.js";

export const title = "WASM + JS + CSS of the board (brotli, quality 11)";

const CEILING = 700_000;
const AIM = 450_000;
const PARTS = /\.(wasm|js|css)$/;

/** Every file that the board's page needs to run, below the folder of the built site. */
function files(site) {
  const found = [];
  for (const folder of ["pkg", "vendor"]) {
    const path = join(site, folder);
    if (!existsSync(path)) continue;
    for (const name of readdirSync(path, { recursive: true })) if (PARTS.test(name)) found.push(join(folder, name));
  }
  return found.sort();
}

export async function measure() {
  const site = join(PROJECT, "target/site");
  const rows = [];
  const total = { raw: 0, brotli: 0 };
  for (const name of files(site)) {
    const bytes = readFileSync(join(site, name));
    const brotli = brotliCompressSync(bytes, {
      params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
    }).length;
    total.raw += bytes.length;
    total.brotli += brotli;
    rows.push([name, `${kilobytes(brotli)} brotli, ${kilobytes(bytes.length)} raw`]);
  }
  rows.push(["together", `${kilobytes(total.brotli)} brotli, ${kilobytes(total.raw)} raw`]);
  rows.push(["of the ceiling of 700 kB", `${Math.round((total.brotli * 100) / CEILING)} %`]);
  rows.push(["of the aim of 450 kB", `${Math.round((total.brotli * 100) / AIM)} %`]);
  return rows;
}
