import uPlot from "/vendor/uplot.js";

const HEIGHT = 340;
const NARROW = 560;
const whole = new Intl.NumberFormat("en-GB");
const compact = new Intl.NumberFormat("en-GB", { notation: "compact" });

/**
 * @typedef {object} Stack
 * @property {string} noun  what is counted, one of it
 * @property {string} none  why a month has no figures
 * @property {{ id: string, name: string }[]} months
 * @property {{ name: string, values: (number | null)[] }[]} series  null: not known
 */

/**
 * Draws bars a month, made of a part for each series, the first at the bottom. The pointer and the
 * arrow keys choose a month, whose figures the legend shows; a press on a name takes its part out.
 * @param {HTMLElement} figure
 * @param {Stack} stack
 */
export function drawStackedChart(figure, { months, series, noun, none }) {
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
  figure.hidden = false;

  let chosen = months.length - 1;
  const band = document.createElement("div");
  band.className = "band";
  const stackUp = () => cumulate(series, hidden, months.length);
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
    const text = describe(months[chosen]?.name ?? "", figures, { series, hidden, noun, none });
    if (readout.textContent !== text) readout.textContent = text;
  }
  function redraw() {
    chart.setData(stackUp());
    choose(chosen);
  }
  function create() {
    chart?.destroy();
    const options = toOptions({ months, series, width: plot.clientWidth });
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

/**
 * The tops of the parts, the highest first: each is drawn over the one before.
 * @param {Stack["series"]} series
 * @param {Set<number>} hidden
 * @param {number} length
 * @returns {uPlot.AlignedData}
 */
function cumulate(series, hidden, length) {
  const tops = Array.from({ length }, () => 0);
  const columns = series.map(({ values }, index) =>
    values.map((value, at) => {
      if (hidden.has(index) || value === null) return null;
      tops[at] = (tops[at] ?? 0) + value;
      return tops[at] ?? 0;
    }),
  );
  return [tops.map((_, at) => at), ...columns.reverse()];
}

/**
 * @param {Pick<Stack, "months" | "series"> & { width: number }} chart
 * @returns {uPlot.Options}
 */
function toOptions({ months, series, width }) {
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
        .map(({ name }, index) => ({
          label: name,
          fill: colour(`--series-${(index % SERIES) + 1}`),
          stroke: colour("--surface"),
          width: 1,
          points: { show: false },
          paths: bars,
        }))
        .reverse(),
    ],
  };
}

/** How many colours overview.css has. */
const SERIES = 14;

/**
 * @param {Stack["series"]} series
 * @param {(index: number) => void} toggle
 */
function createLegend(series, toggle) {
  const element = document.createElement("ul");
  element.className = "legend";
  element.setAttribute("aria-label", "Categories, press to hide or show");
  const figures = series.map(({ name }, index) => {
    const button = document.createElement("button");
    button.type = "button";
    button.setAttribute("aria-pressed", "true");
    const swatch = document.createElement("span");
    swatch.className = `swatch series-${(index % SERIES) + 1}`;
    const label = document.createElement("span");
    label.textContent = name;
    const figure = document.createElement("span");
    figure.className = "legend-figure";
    button.append(swatch, label, figure);
    button.addEventListener("click", () => {
      const isOn = button.getAttribute("aria-pressed") === "true";
      button.setAttribute("aria-pressed", String(!isOn));
      toggle(index);
    });
    const item = document.createElement("li");
    item.append(button);
    // the last is drawn at the top, so that the legend reads as the bars do
    element.prepend(item);
    return figure;
  });
  return {
    element,
    /** @param {(number | null)[]} values */
    show(values) {
      figures.forEach((figure, index) => {
        const value = values[index] ?? null;
        figure.textContent = value === null ? "–" : whole.format(value);
      });
    },
  };
}

/**
 * @param {string} month
 * @param {(number | null)[]} figures
 * @param {Pick<Stack, "series" | "noun" | "none"> & { hidden: Set<number> }} shown
 */
function describe(month, figures, { series, hidden, noun, none }) {
  if (figures.every((figure) => figure === null)) return `${month}: ${none}`;
  const shown = figures.map((figure, index) => (hidden.has(index) ? 0 : (figure ?? 0)));
  const total = shown.reduce((sum, figure) => sum + figure, 0);
  const most = Math.max(...shown);
  const name = series[shown.indexOf(most)]?.name ?? "";
  const all = `${month}: ${whole.format(total)} ${total === 1 ? noun : `${noun}s`}`;
  return most > 0 ? `${all}; most are ${name}, ${whole.format(most)}` : all;
}
