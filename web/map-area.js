/** @import { MapArea } from "../src/browse/messages.ts" */

import { kind, nounOf } from "./map-form.js";

const whole = new Intl.NumberFormat("en-GB");
const SVG = "http://www.w3.org/2000/svg";

/**
 * The figures of one neighbourhood.
 * @param {MapArea} detail
 * @param {{ month: string, category: string, monthName: (month: string) => string, close: () => void }} shown
 */
export function renderArea(detail, { month, category, monthName, close }) {
  const title = make("h2", detail.name);
  title.tabIndex = -1;
  const button = make("button", "Back to the list");
  button.type = "button";
  button.addEventListener("click", close);
  const what = category === "" ? "" : ` of ${category}`;
  const now = detail.trend.find((one) => one.month === month)?.records ?? null;
  const before = detail.trend[detail.trend.findIndex((one) => one.month === month) - 1];
  const figure = make("p", now === null ? "not complete" : whole.format(now));
  figure.className = "figure";
  const caption = make("p", captionOf(now, `${what} in ${monthName(month)}`, before, monthName));
  caption.className = "caption";
  const force = make("p", detail.forceName);
  force.className = "muted small";
  if (detail.trend.length === 0)
    return [button, title, force, make("p", `No month of ${kind} is complete yet.`)];
  return [
    button,
    title,
    force,
    figure,
    caption,
    make("h3", "By month"),
    drawTrend(detail.trend, month, monthName),
    make("h3", `By category, ${monthName(month)}`),
    renderCounts(detail.categories, `No ${kind} in this month.`),
    make("h3", `Streets with most ${kind}${what}`),
    renderCounts(
      detail.streets.map(({ name, records }) => ({ name: name ?? "No street", records })),
      "None.",
    ),
  ];
}

/**
 * @param {number | null} now
 * @param {string} what
 * @param {MapArea["trend"][number] | undefined} before
 * @param {(month: string) => string} monthName
 */
function captionOf(now, what, before, monthName) {
  const records = `${nounOf(now ?? 0)}${what}`;
  if (now === null || before === undefined || before.records === null) return records;
  const change = now - before.records;
  const sign = change > 0 ? "+" : change < 0 ? "−" : "±";
  return `${records}, ${sign}${whole.format(Math.abs(change))} on ${monthName(before.month)}`;
}

/**
 * @param {MapArea["trend"]} trend
 * @param {string} chosen
 * @param {(month: string) => string} monthName
 */
function drawTrend(trend, chosen, monthName) {
  const most = Math.max(1, ...trend.map(({ records }) => records ?? 0));
  const chart = draw("svg", {
    viewBox: `0 0 ${trend.length * 10} 60`,
    class: "trend",
    role: "img",
  });
  chart.setAttribute("preserveAspectRatio", "none");
  const words = trend.map(
    ({ month, records }) =>
      `${monthName(month)} ${records === null ? "not complete" : whole.format(records)}`,
  );
  chart.setAttribute("aria-label", `Records by month: ${words.join("; ")}`);
  trend.forEach(({ month, records }, at) => {
    const height = records === null ? 60 : Math.max(0.5, (56 * records) / most);
    const kind = records === null ? "gone" : month === chosen ? "chosen" : "";
    const bar = draw("rect", {
      x: String(at * 10 + 1),
      y: String(60 - height),
      width: "8",
      height: String(height),
      class: kind,
    });
    const tip = draw("title", {});
    tip.textContent = words[at] ?? "";
    bar.append(tip);
    chart.append(bar);
  });
  const ends = make("p", "");
  ends.className = "trend-ends small muted";
  ends.append(make("span", monthName(trend[0]?.month ?? "")));
  if (trend.length > 1) ends.append(make("span", monthName(trend.at(-1)?.month ?? "")));
  const box = make("div", "");
  box.append(chart, ends);
  return box;
}

/**
 * @param {{ name: string, records: number }[]} counts
 * @param {string} none
 */
function renderCounts(counts, none) {
  if (counts.length === 0) return make("p", none);
  const most = Math.max(...counts.map(({ records }) => records));
  const table = make("table", "");
  table.className = "counts";
  for (const { name, records } of counts) {
    const row = table.insertRow();
    const head = make("th", name);
    head.scope = "row";
    const chart = draw("svg", { viewBox: "0 0 100 4", "aria-hidden": "true" });
    chart.setAttribute("preserveAspectRatio", "none");
    chart.append(draw("rect", { width: String((100 * records) / most), height: "4" }));
    head.append(chart);
    const cell = make("td", whole.format(records));
    cell.className = "number";
    row.append(head, cell);
  }
  return table;
}

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {string} text
 */
function make(tag, text) {
  const element = document.createElement(tag);
  element.textContent = text;
  return element;
}

/**
 * @param {string} tag
 * @param {Record<string, string>} attributes
 */
function draw(tag, attributes) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}
