import { drawMonths, textOf } from "./month-chart.js";

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
  drawMonths();
  const shown = document.getElementById("shown");
  if (shown !== null) shown.textContent = textOf(document.querySelector("#of-force h2"));
}

const form = document.querySelector("#choose");
if (form instanceof HTMLFormElement) {
  form.querySelector("button")?.setAttribute("hidden", "");
  form.addEventListener("change", () => {
    const query = new URLSearchParams();
    for (const [name, value] of new FormData(form)) query.append(name, String(value));
    showForce(`/overview?${query}`).catch((error) => {
      if (error.name !== "AbortError") form.submit();
    });
  });
}
drawMonths();
