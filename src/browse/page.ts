import { html } from "hono/html";
import { VERSION } from "../version.ts";

/** What `html` of hono makes: text in which every value was escaped. */
export type Html = ReturnType<typeof html>;

const SECTIONS = [
  { id: "overview", path: "/overview", name: "Overview" },
  { id: "map", path: "/map", name: "Map" },
  { id: "stops", path: "/stops", name: "Stops" },
  { id: "revisions", path: "/revisions", name: "Revisions" },
  { id: "tables", path: "/tables", name: "Tables" },
  { id: "sql", path: "/sql", name: "SQL" },
  { id: "progress", path: "/progress", name: "Progress" },
] as const;

/** The start page is where the name leads. */
export type Section = (typeof SECTIONS)[number]["id"] | "start";

export type Page = {
  title: string;
  /** The section of the navigation that the page is in; none: a page that says what is wrong. */
  active?: Section;
  body: Html;
  /** Addresses of ES modules, under /assets or /vendor. */
  scripts?: readonly string[];
  styles?: readonly string[];
  /** Seconds after which a page is loaded again, where no script does it. */
  refreshSeconds?: number;
};

/** A whole page: head, navigation and the given body; nothing in it is inline script or style. */
export function renderPage({
  title,
  active,
  body,
  scripts = [],
  styles = [],
  refreshSeconds,
}: Page): Html {
  const meta = html`<meta http-equiv="refresh" content="${refreshSeconds}" />`;
  const refresh = scripts.length === 0 ? meta : html`<noscript>${meta}</noscript>`;
  return html`<!doctype html>
    <html lang="en-GB">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        ${refreshSeconds === undefined ? "" : refresh}
        <title>${title} – ukpolice</title>
        <link rel="icon" href="/assets/icon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/assets/app.css" />
        ${styles.map((href) => html`<link rel="stylesheet" href="${href}" />`)}
        ${scripts.map((src) => html`<script type="module" src="${src}"></script>`)}
      </head>
      <body>
        <a class="skip" href="#main">Skip to the content</a>
        ${renderHeader(active)}
        <main id="main" tabindex="-1">${body}</main>
        <footer class="foot">
          <p>
            ukpolice ${VERSION}, on this machine alone. Contains public sector information licensed
            under the Open Government Licence v3.0.
          </p>
        </footer>
      </body>
    </html>`;
}

function renderHeader(active: Section | undefined): Html {
  const links = SECTIONS.map(({ id, path, name }) =>
    id === active
      ? html`<li><a href="${path}" aria-current="page">${name}</a></li>`
      : html`<li><a href="${path}">${name}</a></li>`,
  );
  return html`<header class="head">
    <a class="brand" href="/" ${active === "start" ? html`aria-current="page"` : ""}>ukpolice</a>
    <nav aria-label="Sections">
      <ul>
        ${links}
      </ul>
    </nav>
  </header>`;
}

/** The body of a page that says what is wrong, and what to do about it. */
export function renderNotice(title: string, ...paragraphs: readonly (Html | string)[]): Html {
  return html`<section class="notice">
    <h1>${title}</h1>
    ${paragraphs.map((paragraph) => html`<p>${paragraph}</p>`)}
  </section>`;
}
