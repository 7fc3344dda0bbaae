import { stripVTControlCharacters } from "node:util";

const HIDE_CURSOR = "\u001B[?25l";
const SHOW_CURSOR = "\u001B[?25h";
const CUT = "\u001B[?7l";
const WRAP = "\u001B[?7h";
const ERASE = "\r\u001B[K";
const SAVE = "\u001B7";
const RESTORE = "\u001B8";
const ERASE_BELOW = "\u001B[B\u001B[2K";
const DEFAULT_COLUMNS = 80;

type Terminal = { write(text: string): unknown; columns?: number };

/** Standard error with one line at its end that changes, and lines that are printed above it. */
export type Screen = {
  /** How wide the line may be: some terminals go to the next row after their last column. */
  columns(): number;
  /** Draws the line, in the place of the one before. */
  show(line: string): void;
  /** Prints text above the line. */
  print(text: string): void;
  /** Takes the line away, and gives the cursor back. */
  clear(): void;
};

/**
 * The cursor waits at the beginning of the line, not behind it: a terminal that became narrower
 * wraps the line below it. What is wider than a terminal that became so just now is cut, and not
 * wrapped: tmux is narrower for a while before it tells. Where nothing can be drawn (`isLive` is false), lines are printed, and
 * `show` does nothing.
 */
export function createScreen(stream: Terminal, { isLive }: { isLive: boolean }): Screen {
  let shown: string | undefined;
  const columns = () => (stream.columns || DEFAULT_COLUMNS) - 1;
  const draw = () => (shown === undefined ? "" : `${CUT}${shown}${WRAP}\r`);
  const erase = () => {
    const width = stripVTControlCharacters(shown ?? "").length;
    const wrapped = Math.max(0, Math.ceil(width / (columns() + 1)) - 1);
    // Not "all below" at once: at the top of the screen tmux keeps a copy of what that erases.
    return wrapped === 0 ? ERASE : `${ERASE}${SAVE}${ERASE_BELOW.repeat(wrapped)}${RESTORE}`;
  };
  return {
    columns,
    show(line) {
      if (!isLive) return;
      const begin = shown === undefined ? HIDE_CURSOR : "";
      const erased = erase();
      shown = line;
      stream.write(`${begin}${erased}${draw()}`);
    },
    print(text) {
      stream.write(isLive ? `${erase()}${text}\n${draw()}` : `${text}\n`);
    },
    clear() {
      if (shown === undefined) return;
      stream.write(`${erase()}${SHOW_CURSOR}`);
      shown = undefined;
    },
  };
}
