export { agentErrors } from "./errors.ts";
export { type AgentListing, type AgentOptionListing, createAgent, listAgents } from "./registry.ts";
