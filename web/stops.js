import { drawMonths } from "./month-chart.js";

drawMonths();
