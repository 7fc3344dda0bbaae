import { drawStackedChart } from "./stacked-chart.js";

/** @type {{ destroy(): void } | undefined} */
let chart;

/** Draws the chart from the table that is its other form. */
function drawChart() {
  chart?.destroy();
  chart = undefined;
  const table = document.querySelector("#months");
  const figure = document.querySelector("#chart");
  const details = document.querySelector("#months-details");
  if (!(figure instanceof HTMLElement) || table === null) return;
  const names = [...table.querySelectorAll("thead th")].slice(1, -1).map(textOf);
  const rows = [...table.querySelectorAll("tbody tr")];
  const figures = rows.map((row) => [...row.querySelectorAll("td")].map(recordsOf));
  chart = drawStackedChart(figure, {
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
function textOf(element) {
  return element?.textContent?.trim() ?? "";
}

/** @param {Element} cell */
function recordsOf(cell) {
  const records = cell.getAttribute("data-records");
  return records === null ? null : Number(records);
}

/** What depends on the force is taken from the page of that force: the server alone renders. */
const PARTS = ["of-force", "coverage"];

/** @type {AbortController | undefined} */
let loading;

/** @param {string} address */
async function showForce(address) {
  loading?.abort();
  loading = new AbortController();
  const response = await fetch(address, { signal: loading.signal });
  if (!response.ok) return location.assign(address);
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  for (const id of PARTS) {
    const part = page.getElementById(id);
    if (part !== null) document.getElementById(id)?.replaceWith(part);
  }
  history.replaceState(null, "", address);
  drawChart();
  const shown = document.getElementById("shown");
  if (shown !== null) shown.textContent = textOf(document.querySelector("#of-force h2"));
}

const form = document.querySelector("#choose");
if (form instanceof HTMLFormElement) {
  form.querySelector("button")?.setAttribute("hidden", "");
  form.addEventListener("change", () => {
    const query = new URLSearchParams();
    for (const [name, value] of new FormData(form)) query.append(name, String(value));
    showForce(`/?${query}`).catch((error) => {
      if (error.name !== "AbortError") form.submit();
    });
  });
}
drawChart();
