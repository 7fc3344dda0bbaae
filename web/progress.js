/** @import { ProgressMessage } from "../src/browse/messages.ts" */

/** @type {Map<string, string>} what each part was last filled with */
const filled = new Map();
const connection = document.querySelector("#connection");
const events = new EventSource("/progress/events");

events.addEventListener("message", ({ data }) => {
  say("");
  /** @type {ProgressMessage} */
  const parts = JSON.parse(data);
  for (const [name, content] of Object.entries(parts)) fill(name, content);
});

events.addEventListener("error", () => {
  say("The connection is lost.");
  // Refused for good: the database went away, and the page knows what to say.
  if (events.readyState === EventSource.CLOSED) setTimeout(() => location.reload(), 3000);
});

// A page in the browser's memory listens to nothing; what comes back begins anew.
window.addEventListener("pagehide", () => events.close());
window.addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});

/**
 * Replaces a part that changed. The server escaped what is in it.
 * @param {string} name
 * @param {string} content
 */
function fill(name, content) {
  const part = document.querySelector(`#part-${name}`);
  if (part === null || filled.get(name) === content) return;
  filled.set(name, content);
  part.innerHTML = content;
}

/** @param {string} text */
function say(text) {
  if (connection === null || connection.textContent === text) return;
  connection.textContent = text;
  connection.className = text === "" ? "hidden-label" : "message warn";
}
