import { onTestFinished } from "vitest";
import { startSandbox } from "../../src/sandbox/server.ts";
import type { SandboxOptions, Seen } from "../../src/sandbox/server.ts";
import type { Ring } from "../../src/types.ts";

export type Asked = {
  url: string;
  seen: Seen[];
  get(path: string): Promise<Response>;
  post(path: string, form: Record<string, string>): Promise<Response>;
};

/** A sandbox of one test, without a rate limit unless it is asked for. */
export async function openSandbox(options: SandboxOptions): Promise<Asked> {
  const seen: Seen[] = [];
  const onRequest = (one: Seen) => seen.push(one);
  const sandbox = await startSandbox({ limited: false, onRequest, ...options });
  onTestFinished(() => sandbox.close());
  return {
    url: sandbox.url,
    seen,
    get: (path) => fetch(sandbox.url + path),
    post: (path, form) =>
      fetch(sandbox.url + path, { method: "POST", body: new URLSearchParams(form) }),
  };
}

/** The corners of a box around a place, as a `poly`. */
export function polyAround(latitude: number, longitude: number, by: number): string {
  const [south, north] = [latitude - by, latitude + by];
  const [west, east] = [longitude - by, longitude + by];
  return `${south},${west}:${south},${east}:${north},${east}:${north},${west}`;
}

/** All of the sample's London. */
export const LONDON = "51,-1:51,1:52,1:52,-1";

export const LONDON_RING: Ring = [
  { latitude: 51, longitude: -1 },
  { latitude: 51, longitude: 1 },
  { latitude: 52, longitude: 1 },
  { latitude: 52, longitude: -1 },
];

/** The JSON of a reply. */
export async function jsonOf<T>(asked: Promise<Response>): Promise<T> {
  return JSON.parse(await (await asked).text());
}
