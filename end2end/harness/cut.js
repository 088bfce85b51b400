// A page's connections, cut in different ways.

/** Call before the page is opened. `freeze()` lets nothing more through to the page, `thaw()` ends that. */
export async function freezable({ page }) {
  let frozen = false;
  let release = () => {};
  let thawed = Promise.resolve();
  await page.routeWebSocket(/\/socket\.io\//, (socket) => {
    const server = socket.connectToServer();
    server.onMessage((message) => {
      if (!frozen) socket.send(message);
    });
    socket.onMessage((message) => server.send(message));
  });
  await page.route(/\/socket\.io\//, async (route) => {
    await thawed;
    await route.continue().catch(() => {});
  });
  return {
    freeze() {
      frozen = true;
      thawed = new Promise((resolve) => (release = resolve));
    },
    thaw() {
      frozen = false;
      release();
    },
  };
}

/** Call before the page is opened: it never gets a socket. */
export async function blocked({ page }) {
  await page.routeWebSocket(/\/socket\.io\//, (socket) => socket.close());
  await page.route(/\/socket\.io\//, (route) => route.abort("connectionrefused"));
}

/** Holds the page's requests of a method and address until `release()`. `caught` tells when one is held. */
export async function held({ page }, method, address) {
  let release;
  let tell;
  const released = new Promise((resolve) => (release = resolve));
  const caught = new Promise((resolve) => (tell = resolve));
  await page.route(address, async (route) => {
    if (route.request().method() !== method) return route.fallback();
    tell(route.request());
    await released;
    await route.continue();
  });
  return { caught, release };
}

/**
 * Lets the page's next request of a method and address reach the server, and loses the answer on its way back. Gives a
 * function that waits for that answer, as JSON.
 */
export async function answerLost({ page }, method, address) {
  let tell;
  let isLost = false;
  const answered = new Promise((resolve) => (tell = resolve));
  await page.route(address, async (route) => {
    const request = route.request();
    if (isLost || request.method() !== method) return route.fallback();
    isLost = true;
    const headers = { ...request.headers(), origin: new URL(page.url()).origin };
    const answer = await route.fetch({ headers });
    tell(await answer.json());
    await route.abort("connectionreset");
  });
  return () => answered;
}
