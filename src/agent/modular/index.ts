export { createModular } from "./modular.ts";
export { contextBudgetTokens, type ModularOptions, modularOptionsSchema } from "./options.ts";
