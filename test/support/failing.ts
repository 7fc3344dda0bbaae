import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { onTestFinished } from "vitest";

/** The status that a path fails with; undefined where it is answered. */
export type FailPath = (path: string) => number | undefined;

/** An API that stands before another, and fails for some paths alone, until the test ends. */
export async function serveFailing(upstream: string, fail: FailPath): Promise<string> {
  const origin = new URL(upstream).origin;
  const server = createServer((request, response) => {
    const { url = "", method = "GET", headers } = request;
    const status = fail(url);
    if (status !== undefined) return void response.writeHead(status).end();
    const type = headers["content-type"] ?? "";
    void text(request)
      .then((body) =>
        fetch(origin + url, {
          method,
          ...(body === "" ? {} : { body, headers: { "content-type": type } }),
        }),
      )
      .then(async (reply) => {
        response.writeHead(reply.status, { "content-type": "application/json" });
        response.end(await reply.text());
      })
      .catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return `http://127.0.0.1:${port}${new URL(upstream).pathname}`;
}
