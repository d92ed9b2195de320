/** The order of steps over all hosts: what must be there before, settings, the switch, what hangs on it. */
export const stages = { modules: 0, devices: 1, settings: 2, switch: 3, guests: 4, balloons: 5 } as const;
