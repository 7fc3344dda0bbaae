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
  chart = drawStackedChart(figure, {
    noun: figure.dataset["noun"] ?? "record",
    none: figure.dataset["none"] ?? "",
    months: rows.map((row) => ({
      id: row.getAttribute("data-month") ?? "",
      name: textOf(row.querySelector("th")),
    })),
    series: names.map((name, index) => ({
      name,
      values: figures.map((row) => row[index] ?? null),
    })),
  });
  details?.removeAttribute("open");
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
