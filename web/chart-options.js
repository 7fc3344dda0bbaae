import uPlot from "/vendor/uplot.js";
import { SERIES } from "./chart-legend.js";

/** @typedef {import("./stacked-chart.js").Stack} Stack */

export const HEIGHT = 340;
const NARROW = 560;
const compact = new Intl.NumberFormat("en-GB", { notation: "compact" });

/**
 * How the chart is drawn.
 * @param {Pick<Stack, "months" | "series" | "isStacked"> & { width: number, hasBefore: boolean }} chart
 * @returns {uPlot.Options}
 */
export function toOptions({ months, series, width, isStacked, hasBefore }) {
  const colour = (/** @type {string} */ name) =>
    getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const axis = {
    stroke: colour("--muted"),
    font: "12px system-ui, sans-serif",
    grid: { stroke: colour("--line"), width: 1 },
    ticks: { show: false },
  };
  const bars = uPlot.paths.bars?.({ size: [0.76, 90] });
  if (bars === undefined) throw new Error("the chart library draws no bars");
  const every = Math.ceil(months.length / Math.max(2, Math.floor(width / 78)));
  const shown = months.map((_, at) => at).filter((at) => at % every === 0);
  return {
    width,
    height: HEIGHT,
    padding: [12, 4, 0, 0],
    legend: { show: false },
    cursor: { y: false, x: false, drag: { x: false, y: false }, points: { show: false } },
    scales: {
      x: { time: false, range: () => [-0.5, months.length - 0.5] },
      y: { range: (_plot, _low, high) => [0, high > 0 ? high * 1.05 : 1] },
    },
    axes: [
      {
        ...axis,
        grid: { show: false },
        splits: () => shown,
        values: (_plot, splits) =>
          splits.map((at) => months[at]?.name.replace(/^(\w{3})\w* /, "$1 ") ?? ""),
      },
      {
        ...axis,
        size: width < NARROW ? 44 : 56,
        values: (_plot, splits) => splits.map((value) => compact.format(value)),
      },
    ],
    series: [
      {},
      ...series
        .map(({ name }, index) => {
          const own = colour(`--series-${(index % SERIES) + 1}`);
          if (!isStacked)
            return { label: name, stroke: own, width: 2.5, points: { show: months.length < 40 } };
          const stroke = colour("--surface");
          return { label: name, fill: own, stroke, width: 1, points: { show: false }, paths: bars };
        })
        .reverse(),
      ...(hasBefore
        ? [
            {
              label: "The year before",
              stroke: colour("--ink"),
              width: 2,
              dash: [6, 4],
              points: { show: false },
            },
          ]
        : []),
    ],
  };
}
