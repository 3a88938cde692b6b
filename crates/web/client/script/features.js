/** Optional features of this server. A page always has the same version as the server it comes from. */

export const FEATURES = { media: true, summary: true };
