import { drawStackedChart } from "./stacked-chart.js";

/** @type {{ destroy(): void } | undefined} */
let chart;

/** Draws the chart of a page from the table that is its other form. */
export function drawMonths() {
  chart?.destroy();
  chart = undefined;
  const table = document.querySelector("#months");
  const figure = document.querySelector("#chart");
  const details = document.querySelector("#months-details");
  if (!(figure instanceof HTMLElement) || table === null) return;
  const names = [...table.querySelectorAll("thead th[data-part]")].map(textOf);
  const rows = [...table.querySelectorAll("tbody tr")];
  const figures = rows.map((row) => [...row.querySelectorAll("td")].map(recordsOf));
  const heads = [...table.querySelectorAll("thead th")].slice(1);
  const before = heads.findIndex((head) => head.hasAttribute("data-before"));
  chart = drawStackedChart(figure, {
    isStacked: figure.dataset["chart"] !== "lines",
    before: before < 0 ? undefined : figures.map((row) => row[before] ?? null),
    noun: figure.dataset["noun"] ?? "record",
    none: figure.dataset["none"] ?? "",
    months: rows.map((row) => ({
      id: row.getAttribute("data-month") ?? "",
      name: textOf(row.querySelector("th")),
    })),
    series: fold(
      names.map((name, index) => ({ name, values: figures.map((row) => row[index] ?? null) })),
    ),
  });
  details?.removeAttribute("open");
}

/** A stack of more parts than this cannot be read: the smaller ones are one; the table has each. */
const PARTS = 7;

/** @param {{ name: string, values: (number | null)[] }[]} series  the largest first */
function fold(series) {
  if (series.length <= PARTS) return series;
  const rest = series.slice(PARTS - 1);
  const values = (rest[0]?.values ?? []).map((value, month) =>
    value === null ? null : rest.reduce((sum, part) => sum + (part.values[month] ?? 0), 0),
  );
  return [...series.slice(0, PARTS - 1), { name: `${rest.length} others`, values, isRest: true }];
}

/** @param {Element | null} element */
export function textOf(element) {
  return element?.textContent?.trim() ?? "";
}

/** @param {Element} cell */
function recordsOf(cell) {
  const records = cell.getAttribute("data-records");
  return records === null ? null : Number(records);
}
