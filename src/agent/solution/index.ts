export { createSolution } from "./solution.ts";
