/** Files of packages that pages load, by the name under /vendor and as Node resolves them. */
export const VENDOR: Record<string, string> = {
  "leaflet.js": "leaflet/dist/leaflet-src.esm.js",
  "leaflet.css": "leaflet/dist/leaflet.css",
  "uplot.js": "uplot/dist/uPlot.esm.js",
  "uplot.css": "uplot/dist/uPlot.min.css",
};
