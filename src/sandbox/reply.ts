/** What can stand between a request and its answer, by the name of the option that puts it there. */
export type Obstacle =
  | "block"
  | "rate"
  | "outage"
  | "longest-line"
  | "break"
  | "fail-area"
  | "window-moves"
  | "empty"
  | "gateway"
  | "limit"
  | "slow"
  | "fault"
  | "lie";

/** What comes in the place of a whole answer. */
export type Ending = "reset" | "hang" | "cut" | "length";

/** How a request is to end. */
export type HttpReply = {
  /** What was met on the way; none for a plain answer. */
  obstacle?: Obstacle;
  /** 0 for no answer: see `ending`. */
  status: number;
  headers?: Record<string, string>;
  /** A function, since what is refused needs no body. */
  body(): string;
  /** How long it is held back; as long as a short reply where it is not said. */
  waitMs?: number;
  ending?: Ending;
};

/** What goes over the wire; with 200 unless it says otherwise. */
export type Sent = {
  obstacle?: Obstacle;
  status?: number;
  headers?: Record<string, string>;
  body: string | Iterable<Buffer>;
  ending?: Ending;
};

/** A reply without a body. */
export function bare(status: number): HttpReply {
  return { status, body: () => "" };
}
