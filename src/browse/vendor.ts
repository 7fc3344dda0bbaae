/** Files of packages that pages load, by the name under /vendor and as Node resolves them. */
export const VENDOR: Record<string, string> = {};
