import uPlot from "/vendor/uplot.js";
import { createLegend, describe } from "./chart-legend.js";
import { HEIGHT, toOptions } from "./chart-options.js";

/**
 * @typedef {object} Stack
 * @property {string} noun  what is counted, one of it
 * @property {string} none  why a month has no figures
 * @property {{ id: string, name: string }[]} months
 * @property {{ name: string, values: (number | null)[], isRest?: boolean }[]} series  null: not
 *   known; the rest are several that are one part
 * @property {(number | null)[] | undefined} before  all of it a year before, where that is here
 * @property {boolean} isStacked  whether the series are parts of a whole; else each is a line
 */

/**
 * Draws bars a month, made of a part for each series, the first at the bottom, and the year before
 * as a line; or a line for each series. The pointer and the
 * arrow keys choose a month, whose figures the legend shows; a press on a name takes its part out.
 * @param {HTMLElement} figure
 * @param {Stack} stack
 */
export function drawStackedChart(figure, { months, series, noun, none, before, isStacked }) {
  const hidden = new Set();
  const plot = document.createElement("div");
  const readout = document.createElement("figcaption");
  const legend = createLegend(series, (index) => {
    if (!hidden.delete(index)) hidden.add(index);
    redraw();
  });
  plot.className = "plot";
  plot.tabIndex = 0;
  plot.setAttribute("role", "group");
  plot.setAttribute("aria-label", "Chart. Left and right arrow keys move through the months.");
  readout.className = "readout";
  readout.setAttribute("aria-live", "polite");
  figure.replaceChildren(readout, plot, legend.element);
  if (before !== undefined) figure.append(createKey());
  figure.hidden = false;

  let chosen = months.length - 1;
  const band = document.createElement("div");
  band.className = "band";
  const stackUp = () => toData({ series, hidden, before, isStacked, length: months.length });
  /** @type {uPlot} */
  let chart;

  /** @param {number} index */
  function choose(index) {
    chosen = Math.max(0, Math.min(months.length - 1, index));
    const left = chart.valToPos(chosen - 0.5, "x");
    band.style.left = `${left}px`;
    band.style.width = `${chart.valToPos(chosen + 0.5, "x") - left}px`;
    const figures = series.map(({ values }) => values[chosen] ?? null);
    legend.show(figures);
    const text = describe(months[chosen]?.name ?? "", figures, {
      series,
      hidden,
      noun,
      none,
      before: before?.[chosen] ?? null,
      isStacked,
    });
    if (readout.textContent !== text) readout.textContent = text;
  }
  function redraw() {
    chart.setData(stackUp());
    choose(chosen);
  }
  function create() {
    chart?.destroy();
    const options = toOptions({
      months,
      series,
      width: plot.clientWidth,
      isStacked,
      hasBefore: before !== undefined,
    });
    options.hooks = {
      setCursor: [({ cursor }) => cursor.idx != null && choose(cursor.idx)],
      setSize: [() => queueMicrotask(() => choose(chosen))],
    };
    chart = new uPlot(options, stackUp(), plot);
    chart.over.append(band);
    choose(chosen);
  }

  create();
  plot.addEventListener("keydown", (event) => {
    const steps = {
      ArrowLeft: chosen - 1,
      ArrowRight: chosen + 1,
      Home: 0,
      End: months.length - 1,
    };
    const next = Object.entries(steps).find(([key]) => key === event.key)?.[1];
    if (next === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    choose(next);
  });
  const resizing = new ResizeObserver(() => {
    if (plot.clientWidth > 0 && plot.clientWidth !== chart.width)
      chart.setSize({ width: plot.clientWidth, height: HEIGHT });
  });
  resizing.observe(plot);
  const scheme = matchMedia("(prefers-color-scheme: dark)");
  scheme.addEventListener("change", create);
  return {
    destroy() {
      resizing.disconnect();
      scheme.removeEventListener("change", create);
      chart.destroy();
    },
  };
}

/** Says what the line is. */
function createKey() {
  const key = document.createElement("p");
  key.className = "before-key small muted";
  key.textContent = "The line is all of them in the same month of the year before.";
  return key;
}

/**
 * The tops of the parts, the highest first: each is drawn over the one before; or the lines.
 * @param {Pick<Stack, "series" | "before" | "isStacked"> & { hidden: Set<number>, length: number }} drawn
 * @returns {uPlot.AlignedData}
 */
function toData({ series, hidden, before, isStacked, length }) {
  const tops = Array.from({ length }, () => 0);
  const columns = series.map(({ values }, index) =>
    values.map((value, at) => {
      if (hidden.has(index) || value === null) return null;
      if (!isStacked) return value;
      tops[at] = (tops[at] ?? 0) + value;
      return tops[at] ?? 0;
    }),
  );
  const months = tops.map((_, at) => at);
  // of parts that are taken out, the year before is not known by itself
  const line = before === undefined ? [] : [hidden.size > 0 ? months.map(() => null) : before];
  return [months, ...columns.reverse(), ...line];
}
