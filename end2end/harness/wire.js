// What passes between a page and its socket, as the page's browser sees it.

/** Call before the page is opened. Remembers connections, commands and answers. */
export function watched({ page }) {
  const wire = new Wire();
  page.on("websocket", (socket) => {
    if (!socket.url().includes("/socket.io/")) return;
    wire.opened += 1;
    wire.open += 1;
    socket.on("close", () => (wire.open -= 1));
    socket.on("framesent", ({ payload }) => wire.sent.push(String(payload)));
    socket.on("framereceived", ({ payload }) => wire.received.push(String(payload)));
  });
  return wire;
}

// An EVENT with an id, and its ACK: 42/dispatch,3["join:load",{…}] and 43/dispatch,3[{…}].
const COMMAND = /^42(\/[a-z]+),(\d+)(\[.*\])$/s;
const ANSWER = /^43(\/[a-z]+),(\d+)\[(.*)\]$/s;

class Wire {
  opened = 0;
  open = 0;
  sent = [];
  received = [];

  /** The commands of a name that were sent: `{ namespace, payload }`. */
  commands(name) {
    return this.sent.flatMap((frame) => {
      const [, namespace, , body] = COMMAND.exec(frame) ?? [];
      const [sent, payload] = body ? JSON.parse(body) : [];
      return sent === name ? [{ namespace, payload }] : [];
    });
  }

  /** The answers that came, of one namespace or all. */
  answers(namespace) {
    return this.received.flatMap((frame) => {
      const [, from, , body] = ANSWER.exec(frame) ?? [];
      return body && (!namespace || from === namespace) ? [JSON.parse(body)] : [];
    });
  }

  /** The messages of a name that came: `{ namespace, payload }`. */
  heard(name) {
    return this.received.flatMap((frame) => {
      const [, namespace, body] = /^42(\/[a-z]+),(\[.*\])$/s.exec(frame) ?? [];
      const [heard, payload] = body ? JSON.parse(body) : [];
      return heard === name ? [{ namespace, payload }] : [];
    });
  }
}
