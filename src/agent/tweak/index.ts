export { createTweak } from "./tweak.ts";
