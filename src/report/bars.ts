import { styleText } from "node:util";
import { drawBar } from "./bar.ts";
import type { Monitor } from "./lines.ts";
import { Meter } from "./meter.ts";
import type { Screen } from "./screen.ts";
import { printable } from "../text.ts";

/** The bar is drawn anew so often, whatever happens: what it says ages. */
const PERIOD_MS = 250;

/** On a terminal: one bar for what is at hand, below the lines that are said meanwhile. */
export function createBars(screen: Screen, stream: NodeJS.WriteStream): Monitor {
  const meter = new Meter();
  const colour = (style: "cyan" | "yellow", text: string) => styleText(style, text, { stream });
  const draw = () => {
    const line = drawBar(meter.view(), screen.columns(), (text) => colour("cyan", text));
    if (line !== "") screen.show(line);
  };
  const timer = setInterval(draw, PERIOD_MS).unref();
  stream.on("resize", draw);
  return {
    progress: (progress) => meter.note(progress),
    note: (text) => screen.print(printable(text)),
    warn: (text) => screen.print(colour("yellow", `warning: ${printable(text)}`)),
    waits: (why) => meter.wait(why),
    start: () => meter.start(),
    end: (pauseMs) => meter.end(pauseMs),
    stop() {
      clearInterval(timer);
      stream.off("resize", draw);
      screen.clear();
    },
  };
}
