import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { OversizeError } from "../../src/fetch/errors.ts";
import { failureOf, never, rawCrime, serve, TRIANGLE } from "../support/http.ts";
import type { Reply } from "../support/http.ts";

const MIB = 2 ** 20;
const QUESTION = { ring: TRIANGLE, month: "2018-05" };

/** Sends a body chunk by chunk for as long as it is taken, at most `chunks`. */
function stream(chunk: Buffer, chunks: number, headers: Record<string, string>, sent: number[]) {
  const reply: Reply = (response) => {
    response.writeHead(200, headers);
    let left = chunks;
    const send = () => {
      while (left > 0 && !response.destroyed) {
        left -= 1;
        sent.push(chunk.length);
        if (!response.write(chunk)) {
          response.once("drain", send);
          return;
        }
      }
      if (left === 0) response.end();
    };
    send();
  };
  return reply;
}

describe("the size of a reply", () => {
  it("is understood packed with gzip", async () => {
    const crimes = Array.from({ length: 1000 }, (_, id) => rawCrime({ id }));
    const { api, received } = await serve((response) => {
      response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync(JSON.stringify(crimes)));
    });
    expect(await api.fetchRecords("crimes", QUESTION, never())).toHaveLength(1000);
    expect(received[0]?.headers["accept-encoding"]).toContain("gzip");
  });

  it("may be many millions of bytes", async () => {
    const crime = JSON.stringify(rawCrime());
    const padding = " ".repeat(8 * MIB);
    const { api } = await serve((response) => {
      response.writeHead(200).end(`[${padding}${crime}]`);
    });
    expect(await api.fetchRecords("crimes", QUESTION, never())).toHaveLength(1);
  });

  it("is refused above 12 MiB, long before an endless body ends, and not asked again", async () => {
    const sent: number[] = [];
    const { api, received } = await serve(stream(Buffer.alloc(MIB, " "), 1024, {}, sent));
    const error = await failureOf(api.fetchRecords("crimes", QUESTION, never()));
    expect(error).toBeInstanceOf(OversizeError);
    expect(String(error)).toContain("larger than 12 MiB");
    const bytes = sent.reduce((sum, size) => sum + size, 0);
    expect(bytes).toBeGreaterThan(12 * MIB);
    expect(bytes).toBeLessThan(40 * MIB);
    expect(received).toHaveLength(1);
  });

  it("is refused above 12 MiB unpacked, however small a gzip bomb is", async () => {
    const bomb = gzipSync(Buffer.alloc(16 * MIB, " "));
    const sent: number[] = [];
    const reply = stream(bomb, 64, { "content-encoding": "gzip" }, sent);
    const { api, received } = await serve(reply);
    const error = await failureOf(api.fetchRecords("crimes", QUESTION, never()));
    expect(bomb.length * 64).toBeLessThan(2 * MIB);
    expect(error).toBeInstanceOf(OversizeError);
    expect(String(error)).toContain("larger than 12 MiB");
    expect(received).toHaveLength(1);
  });

  it("leaves the client in order after a refusal", async () => {
    const { api } = await serve((response, _, count) => {
      response.writeHead(200).end(count === 1 ? Buffer.alloc(40 * MIB, " ") : "[]");
    });
    expect(await failureOf(api.fetchRecords("crimes", QUESTION, never()))).toBeInstanceOf(
      OversizeError,
    );
    expect(await api.fetchRecords("crimes", QUESTION, never())).toEqual([]);
  });
});
