const form = document.querySelector("#question");
const box = document.querySelector("#sql");
const button = document.querySelector("#run");
const status = document.querySelector("#keys");

if (
  form instanceof HTMLFormElement &&
  box instanceof HTMLTextAreaElement &&
  button instanceof HTMLButtonElement &&
  status !== null
) {
  markError(box);
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    form.requestSubmit();
  });
  form.addEventListener("submit", () => {
    button.disabled = true;
    status.textContent = "Running …";
  });
  // A page that comes back from the browser's memory is not running any more.
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    button.disabled = false;
    status.textContent = "";
  });
}

/**
 * Readies the box for writing, with the word selected at which the statement failed.
 * @param {HTMLTextAreaElement} area
 */
function markError(area) {
  const { from, to } = area.dataset;
  if (document.querySelector(".result") === null) area.focus();
  if (from === undefined || to === undefined || to === "") return;
  area.setSelectionRange(Number(from), Number(to));
}
