import { EXIT, UkpoliceError } from "../errors.ts";

type Details = {
  cause?: unknown;
  /** The server's own wish, from Retry-After. */
  waitMs?: number | undefined;
};

const LATER = "the same command goes on where this one ended";

/** A fault of the moment: the same request may succeed later. */
export class TransientError extends UkpoliceError {
  readonly waitMs: number | undefined;
  /** Whether it looks like a gateway that gave up: 502, 504, a closed connection, silence. */
  readonly isGateway: boolean;
  /** The name that nothing could be found out about: there may be no network. */
  readonly unresolved: string | undefined;
  /** Whether a page for people came in the place of JSON; in a row, they are a block. */
  readonly isPage: boolean;

  constructor(
    message: string,
    {
      isGateway = false,
      isPage = false,
      unresolved,
      ...details
    }: Details & { isGateway?: boolean; isPage?: boolean; unresolved?: string | undefined } = {},
  ) {
    const hint = `check the network and --api-url; ${LATER}`;
    super(message, EXIT.unreachable, { cause: details.cause, hint });
    this.waitMs = details.waitMs;
    this.isGateway = isGateway;
    this.isPage = isPage;
    this.unresolved = unresolved;
  }
}

/** 429 or 403: the API may have blocked all that comes from here. */
export class BlockedError extends UkpoliceError {
  readonly waitMs: number | undefined;
  /** Whether it can be nothing else; with 403 the one question alone may be what is refused. */
  readonly isCertain: boolean;

  constructor(message: string, { isCertain, waitMs }: Details & { isCertain: boolean }) {
    super(message, EXIT.unreachable, { hint: `wait an hour; ${LATER}` });
    this.waitMs = waitMs;
    this.isCertain = isCertain;
  }
}

/** 503: the area holds more records than the API gives at once, or the API is down. */
export class RefusedError extends UkpoliceError {
  readonly waitMs: number | undefined;

  constructor(request: string, { waitMs }: Details = {}) {
    super(`${request}: 503, the area is too large or the API is down`, EXIT.unreachable, {
      hint: `run the same command again later; ${LATER}`,
    });
    this.waitMs = waitMs;
  }
}

/** A reply larger than we take: the area is too large, whatever the API thinks. */
export class OversizeError extends UkpoliceError {
  constructor(request: string, mebibytes: number) {
    super(`${request}: the reply is larger than ${mebibytes} MiB`, EXIT.unreachable, {
      hint: "is --api-url the address of the API?",
    });
  }
}

/** A final answer that is not a success: 4xx but 429, or a redirect. */
export class RejectedError extends UkpoliceError {
  readonly status: number;

  constructor(request: string, status: number) {
    super(`${request}: the API answered ${status}`, EXIT.unreachable, {
      hint: "check the address given with --api-url",
    });
    this.status = status;
  }
}

/** A reply that is not what the API documents; asking again would not change it. */
export class InvalidReplyError extends UkpoliceError {
  constructor(request: string, what: string) {
    super(`${request}: the reply is not valid: ${what}`, EXIT.unreachable, {
      hint: "is --api-url the address of the API? If it is, the API has changed: report it",
    });
  }
}

/** Whether a failure may mean that all that comes from here is blocked. */
export function looksBlocked(error: unknown): boolean {
  return error instanceof BlockedError || (error instanceof TransientError && error.isPage);
}
