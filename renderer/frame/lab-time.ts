/** The lab's own day: which time it is there, or was when something happened. Pure. */
import type { LabStatus } from '#shared/model/lab.ts';

const minutesOfDay = 24 * 60;

/** @param at seconds of the lab's time since its start; now when left out. `08:05`, from the second day on `day 2, 08:05`. */
export function labClock(status: Pick<LabStatus, 'elapsed' | 'hour'>, at = status.elapsed): string {
  const startHour = (((status.hour - status.elapsed / 3600) % 24) + 24) % 24;
  // A hair more, so that an hour that is a fraction in binary does not fall into the minute before.
  const minutes = Math.floor(startHour * 60 + at / 60 + 1e-6);
  const day = Math.floor(minutes / minutesOfDay) + 1;
  const ofDay = minutes % minutesOfDay;
  const clock = `${two(Math.floor(ofDay / 60))}:${two(ofDay % 60)}`;
  return day > 1 ? `day ${day}, ${clock}` : clock;
}

const two = (part: number): string => String(part).padStart(2, '0');
