/**
 * Lets the lab's time pass: steps every machine second by second, as many seconds a tick as the speed asks, and makes
 * the scenario's events happen at their time. The only place where the lab meets a real clock, which it is given.
 */
import { millis } from '#shared/units.ts';
import type { Clock } from '#core/ports.ts';
import type { LabSpeed } from '#shared/model/lab.ts';
import type { LabMachine } from './machine.ts';
import type { Scenery, ScenarioEvent } from './scenario.ts';

export interface WorldOptions {
  readonly scenery: Scenery;
  readonly clock: Clock;
  readonly startHour: number;
  /** After each tick in which time passed. */
  onTick(): void;
  onEvent(event: ScenarioEvent): void;
}

const tickMs = 100;
/** Never more than this much at once: a laptop that slept does not make the lab catch up for hours. */
const mostMs = 120_000;

export class World {
  readonly machines: readonly LabMachine[];
  readonly #options: WorldOptions;
  #events: ScenarioEvent[];
  #elapsed = 0;
  /** Milliseconds of the lab's time that have come due and are not yet a whole step. */
  #dueMs = 0;
  #seenAt: number;
  #cancel: () => void = () => undefined;
  speed: LabSpeed = 1;
  paused = false;

  constructor(options: WorldOptions) {
    this.#options = options;
    this.machines = options.scenery.machines;
    this.#events = options.scenery.events.toSorted((a, b) => a.at - b.at);
    this.#seenAt = options.clock.now();
  }

  /** Seconds of the lab's time since its start. */
  get elapsed(): number {
    return this.#elapsed;
  }

  /** Hour of the lab's day, 0 ≤ hour < 24. */
  get hour(): number {
    return (this.#options.startHour + this.#elapsed / 3600) % 24;
  }

  start(): void {
    this.#seenAt = this.#options.clock.now();
    this.#cancel = this.#options.clock.after(tickMs, () => this.#tick());
  }

  stop(): void {
    this.#cancel();
  }

  /** Lets whole seconds pass at once, for tests and for a lab that is to begin in the middle of something. */
  advance(seconds: number): void {
    for (let second = 0; second < seconds; second++) this.#second();
  }

  #tick(): void {
    const { clock, onTick } = this.#options;
    const now = clock.now();
    if (!this.paused) this.#dueMs = Math.min(mostMs, this.#dueMs + (now - this.#seenAt) * this.speed);
    this.#seenAt = now;
    const whole = Math.floor(this.#dueMs / 1000);
    this.#dueMs -= whole * 1000;
    this.advance(whole);
    if (whole > 0) onTick();
    this.#cancel = clock.after(tickMs, () => this.#tick());
  }

  #second(): void {
    this.#elapsed += 1;
    while (this.#events[0] !== undefined && this.#events[0].at <= this.#elapsed) {
      const [event] = this.#events.splice(0, 1);
      event?.happen();
      if (event !== undefined) this.#options.onEvent(event);
    }
    for (const machine of this.machines) machine.step(millis(1000));
  }
}
