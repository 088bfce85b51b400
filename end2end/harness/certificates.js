// A certificate authority for one test, and a certificate for this machine that it has signed. Made by openssl, which
// comes with Debian's PostgreSQL.

import { execFileSync } from "node:child_process";
import { join } from "node:path";

/** Makes both in a folder; gives the paths of `ca`, `certificate` and `key`. */
export function makeCertificates(folder) {
  const [ca, caKey, request, certificate, key] = ["ca.pem", "ca.key", "server.csr", "server.pem", "server.key"].map((name) =>
    join(folder, name),
  );
  const openssl = (...args) => execFileSync("openssl", args, { stdio: ["ignore", "ignore", "pipe"] });
  const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
  openssl("req", "-x509", ...newKey, "-days", "2", "-subj", "/CN=Headhaul test authority", "-keyout", caKey, "-out", ca);
  const names = "subjectAltName=DNS:localhost,IP:127.0.0.1";
  openssl("req", ...newKey, "-subj", "/CN=localhost", "-addext", names, "-keyout", key, "-out", request);
  const signing = ["-CA", ca, "-CAkey", caKey, "-CAcreateserial", "-copy_extensions", "copy", "-days", "2"];
  openssl("x509", "-req", "-in", request, ...signing, "-out", certificate);
  return { ca, certificate, key };
}
