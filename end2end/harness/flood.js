// Many commands of one socket at once, and how each was answered.

/** Sends every command of the list, `[event, payload]`, without waiting. The answers come in the order of arrival. */
export function flood({ socket }, commands) {
  const answers = [];
  const sent = commands.map(([event, payload], index) => {
    const answered = socket.timeout(10_000).emitWithAck(event, payload);
    return answered.then(
      (answer) => answers.push({ index, answer }),
      // The socket was closed before.
      () => {},
    );
  });
  return { answers, all: Promise.all(sent).then(() => answers) };
}
