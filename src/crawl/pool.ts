export type PoolOptions<T> = {
  /** The next piece of work; undefined when there is none now. What runs may bring more. */
  next: () => T | undefined;
  work: (item: T) => Promise<void>;
  /** Pieces under way at once. */
  limit: number;
  /** Called once, on the first failure, to make the others end soon. */
  abandon: (error: unknown) => void;
};

/** Works until there is nothing left, or one piece fails; then throws its error, after the rest ended. */
export async function runPool<T>({ next, work, limit, abandon }: PoolOptions<T>): Promise<void> {
  const running = new Set<Promise<void>>();
  let failure: { error: unknown } | undefined;

  const start = (item: T) => {
    const task = work(item)
      .catch((error: unknown) => {
        if (failure !== undefined) return;
        failure = { error };
        abandon(error);
      })
      .finally(() => running.delete(task));
    running.add(task);
  };

  for (;;) {
    while (failure === undefined && running.size < limit) {
      const item = next();
      if (item === undefined) break;
      start(item);
    }
    if (running.size === 0) break;
    await Promise.race(running);
  }
  if (failure !== undefined) throw failure.error;
}
