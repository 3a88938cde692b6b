/** What this server can do besides talking. The page of a server is of the same version as the server. */

export const FEATURES = { media: true, summary: true };
