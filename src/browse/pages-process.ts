import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { extname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Order, Reply } from "./pages-worker.ts";
import { renderNotice, renderPage } from "./page.ts";

/** The worker stands beside this file, built or not. */
const WORKER = fileURLToPath(new URL(`pages-worker${extname(import.meta.url)}`, import.meta.url));
/** How long a worker may take to close the database. */
const CLOSE_MS = 500;

export type PagesOptions = {
  file: string;
  /** Told of what went wrong in a request that was not to be expected. */
  onError: (error: unknown) => void;
};

export type Pages = ReturnType<typeof createPages>;

/**
 * The pages of a database, made in a process of their own. When that ends in the midst of one, a
 * notice is shown in its place, and the next page starts another.
 */
export function createPages({ file, onError }: PagesOptions) {
  const waiting = new Map<number, (reply: Reply | undefined) => void>();
  let worker: ChildProcess | undefined;
  let asked = 0;

  const settle = (id: number, reply: Reply | undefined): void => {
    waiting.get(id)?.(reply);
    waiting.delete(id);
  };
  const start = (): ChildProcess => {
    const child = fork(WORKER, [], {
      serialization: "advanced",
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    const end = (): void => {
      if (worker !== child) return;
      worker = undefined;
      for (const id of waiting.keys()) settle(id, undefined);
    };
    child.once("error", end).once("exit", end);
    child.on("message", (reply: Reply) => {
      if (reply.is === "warning") onError(new Error(reply.message));
      else settle(reply.id, reply);
    });
    order(child, { do: "open", file });
    return child;
  };
  /** Resolves to undefined when the worker ended before. */
  const call = (child: ChildProcess, message: Extract<Order, { id: number }>) =>
    new Promise<Reply | undefined>((resolve) => {
      if (worker !== child) return resolve(undefined);
      waiting.set(message.id, resolve);
      order(child, message);
    });
  const readBody = (child: ChildProcess, id: number, cut: () => void) =>
    new ReadableStream<Uint8Array>(
      {
        async pull(controller) {
          const reply = await call(child, { do: "read", id });
          if (reply?.is !== "part") return cut();
          if (reply.bytes === null) controller.close();
          else controller.enqueue(reply.bytes);
        },
        cancel: () => order(child, { do: "drop", id }),
      },
      { highWaterMark: 0 },
    );

  return {
    /** Starts a worker, so that the first page need not wait for it. */
    warm: () => void (worker ??= start()),
    /** Fetches a page; `cut` ends the connection where the rest of one does not come. */
    async fetch({ url, method, headers, signal }: Request, cut: () => void): Promise<Response> {
      const child = (worker ??= start());
      const id = (asked += 1);
      const drop = () => order(child, { do: "drop", id });
      signal.addEventListener("abort", drop, { once: true });
      const head = await call(child, { do: "ask", id, url, method, headers: [...headers] });
      if (head?.is !== "head") return renderEnded();
      const body = head.hasBody ? readBody(child, id, cut) : null;
      return new Response(body, { status: head.status, headers: head.headers });
    },
    async close(): Promise<void> {
      const child = worker;
      if (child === undefined) return;
      const exit = once(child, "exit");
      if (child.connected) child.disconnect();
      await Promise.race([exit, sleep(CLOSE_MS)]);
      child.kill("SIGKILL");
      await exit;
    },
  };
}

function order(child: ChildProcess, message: Order): void {
  if (child.connected) child.send(message, () => {}); // one that ended is listened for
}

function renderEnded(): Response {
  const body = renderNotice(
    "This page was stopped",
    "It took more than ten seconds or too much memory. The database may be damaged, or hold a view that never ends.",
    "The other pages go on. Where none of them does, name another database with --db, or crawl again.",
  );
  const page = renderPage({ title: "Stopped", body });
  return new Response(String(page), {
    status: 503,
    headers: { "content-type": "text/html; charset=utf-8" },
  });
}
