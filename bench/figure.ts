/** One line of the results: what was measured, what it must be, and whether it is. */
export type Figure = {
  name: string;
  must: string;
  value: string;
  /** Undefined where nothing is required. */
  ok: boolean | undefined;
  /** How it came about, or what holds it back. */
  note: string;
};

/** A part of the benchmark; `folder` is an empty one for its files. */
export type Part = (folder: string) => Promise<Figure[]>;

export function atMost(name: string, value: number, limit: number, note: string): Figure {
  return { name, must: `≤ ${limit}`, value: value.toFixed(2), ok: value <= limit, note };
}

export function atLeast(name: string, value: number, limit: number, note: string): Figure {
  return { name, must: `≥ ${limit}`, value: value.toFixed(2), ok: value >= limit, note };
}

export function reported(name: string, value: string, note: string): Figure {
  return { name, must: "reported", value, ok: undefined, note };
}

/** A table in Markdown. */
export function toTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}
