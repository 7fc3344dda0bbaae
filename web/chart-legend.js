/** @typedef {import("./stacked-chart.js").Stack} Stack */

const whole = new Intl.NumberFormat("en-GB");

/** How many colours overview.css has. */
export const SERIES = 14;

/**
 * The names of the series, each a button that takes it out.
 * @param {Stack["series"]} series
 * @param {(index: number) => void} toggle
 */
export function createLegend(series, toggle) {
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
 * A month in words.
 * @param {string} month
 * @param {(number | null)[]} figures
 * @param {Pick<Stack, "series" | "noun" | "none"> & { hidden: Set<number>, isStacked: boolean, before: number | null }} shown
 */
export function describe(month, figures, { series, hidden, noun, none, before, isStacked }) {
  if (figures.every((figure) => figure === null)) return `${month}: ${none}`;
  const shown = figures.map((figure, index) => (hidden.has(index) ? 0 : (figure ?? 0)));
  const name = (/** @type {number} */ at) => series[at]?.name ?? "";
  if (!isStacked) {
    const each = figures.map(
      (figure, at) => `${name(at)} ${figure === null ? none : whole.format(figure)}`,
    );
    return `${month}: ${each.join("; ")}`;
  }
  const total = shown.reduce((sum, figure) => sum + figure, 0);
  const named = shown.map((figure, at) => (series[at]?.isRest ? 0 : figure));
  const most = Math.max(...named);
  const all = `${month}: ${whole.format(total)} ${total === 1 ? noun : `${noun}s`}`;
  const then =
    before === null || hidden.size > 0 ? "" : `, the year before ${whole.format(before)}`;
  if (most === 0 || series.length === 1) return `${all}${then}`;
  return `${all}${then}; most are ${name(named.indexOf(most))}, ${whole.format(most)}`;
}
