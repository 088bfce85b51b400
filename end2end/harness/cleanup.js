// What a test opened is closed when it ends: the last first, all of it, and a failure to close fails the test.

const stacks = new WeakMap();

/** Runs `close` when the test ends, before what was opened earlier is closed. */
export function atEnd(test, close) {
  if (!stacks.has(test)) {
    const stack = [];
    stacks.set(test, stack);
    test.after(() => closeAll(stack));
  }
  stacks.get(test).push(close);
}

async function closeAll(stack) {
  const errors = [];
  while (stack.length > 0) {
    try {
      await stack.pop()();
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 0) throw errors.length === 1 ? errors[0] : new AggregateError(errors, errors.join("\n"));
}
