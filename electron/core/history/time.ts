/** Spans of time in milliseconds, and where the steps of a grid begin: at multiples of their length since 1970, UTC. */
export const minuteMs = 60_000;
export const hourMs = 3_600_000;
export const dayMs = 86_400_000;

export const startOf = (at: number, stepMs: number): number => Math.floor(at / stepMs) * stepMs;
export const endOf = (at: number, stepMs: number): number => Math.ceil(at / stepMs) * stepMs;
