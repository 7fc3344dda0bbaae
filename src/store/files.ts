/** Where the database is, unless told otherwise. */
export const DATABASE_FILE = "ukpolice.db";

/** Where `crawl --sandbox` puts its own. */
export const SANDBOX_FILE = "sandbox/ukpolice.db";
