/** @typedef {import("./map-shapes.js").Area} Area */

const MOST = 60;

/**
 * The neighbourhoods as a list that can be searched: what the map shows, for the keyboard.
 * @param {{ input: HTMLInputElement, list: HTMLElement, status: HTMLElement }} parts
 * @param {(area: Area) => void} choose
 */
export function createList({ input, list, status }, choose) {
  /** @type {{ area: Area, value: number | null, text: string }[]} */
  let entries = [];
  let showForce = true;

  function draw() {
    const wanted = input.value.trim().toLowerCase();
    const found = entries.filter(({ area }) =>
      `${area.name} ${area.id} ${area.forceName}`.toLowerCase().includes(wanted),
    );
    list.replaceChildren(...found.slice(0, MOST).map(toItem));
    const many = found.length.toLocaleString("en-GB");
    const noun = found.length === 1 ? "neighbourhood" : "neighbourhoods";
    status.textContent =
      found.length > MOST ? `The first ${MOST} of ${many}, the most first` : `${many} ${noun}`;
  }

  /** @param {{ area: Area, text: string }} entry */
  function toItem({ area, text }) {
    const button = document.createElement("button");
    button.type = "button";
    const name = document.createElement("span");
    name.textContent = area.name;
    const figure = document.createElement("span");
    figure.className = "map-figure";
    figure.textContent = text;
    button.append(name, figure);
    if (showForce) {
      const force = document.createElement("small");
      force.textContent = area.forceName;
      button.append(force);
    }
    button.addEventListener("click", () => choose(area));
    const item = document.createElement("li");
    item.append(button);
    return item;
  }

  input.addEventListener("input", draw);
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter") list.querySelector("button")?.click();
  });
  return {
    /**
     * @param {{ area: Area, value: number | null, text: string }[]} all
     * @param {boolean} ofSeveralForces
     */
    fill(all, ofSeveralForces) {
      showForce = ofSeveralForces;
      entries = all.toSorted(
        (a, b) => (b.value ?? -1) - (a.value ?? -1) || a.area.name.localeCompare(b.area.name),
      );
      draw();
    },
  };
}
