const waiting: (() => void)[] = [];

function serve(): void {
  const next = waiting.shift();
  if (waiting.length > 0) setImmediate(serve);
  next?.();
}

/**
 * Lets others have the event loop. Of all who wait, one goes on in each round of the loop, in the order in which they came:
 * `setImmediate` alone lets all of them go on in the same round, and their stretches add up to one.
 */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    waiting.push(resolve);
    if (waiting.length === 1) setImmediate(serve);
  });
}
