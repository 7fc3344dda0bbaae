import { EXIT, UkpoliceError } from "../errors.ts";

/** A fault of the moment: the same request may succeed later. `waitMs` is the server's own wish. */
export class TransientError extends UkpoliceError {
  readonly waitMs: number | undefined;

  constructor(message: string, options: { cause?: unknown; waitMs?: number | undefined } = {}) {
    super(message, EXIT.unreachable, {
      cause: options.cause,
      hint: "check the network and --api-url; the same command goes on where this one ended",
    });
    this.waitMs = options.waitMs;
  }
}

/** 429: the gate closes for every request, not only for the one that met it. */
export class TooManyRequestsError extends TransientError {
  constructor(request: string, waitMs: number | undefined) {
    super(`${request}: 429, too many requests`, { waitMs });
  }
}

/** 503: the area holds more records than the API gives at once, or the API is down. */
export class RefusedError extends UkpoliceError {
  constructor(request: string) {
    super(`${request}: 503, the area is too large or the API is down`, EXIT.unreachable, {
      hint: "run the same command again later; it goes on where this one ended",
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
