import type { ServerResponse } from "node:http";
import { serve } from "./http.ts";

/**
 * An API in front of another one, that holds some replies back until they are let go. Where the
 * other one ends meanwhile, the connection is closed without a reply.
 */
export async function holdBack(url: string, isHeld: (path: string) => boolean) {
  const held: (() => void)[] = [];
  let isOpen = false;
  const { origin } = await serve((response, { url: path, method, body }) => {
    const answer = () => {
      forward(new URL(path, url), { method, body }, response).catch(() => response.destroy());
    };
    if (isOpen || !isHeld(`${path} ${body}`)) answer();
    else held.push(answer);
  });
  return {
    url: `${origin}/api`,
    held: () => held.length,
    release(): void {
      isOpen = true;
      for (const answer of held.splice(0)) answer();
    },
  };
}

async function forward(
  url: URL,
  { method, body }: { method: string; body: string },
  response: ServerResponse,
): Promise<void> {
  const reply = await fetch(url, method === "GET" ? {} : { method, body });
  const text = await reply.text();
  response.writeHead(reply.status, { "content-type": "application/json" }).end(text);
}
