/** The words of the wire: how requests and events are declared, and what a door must offer to carry them. */
import type { z } from 'zod';
import type { Problem } from '#shared/problem.ts';

/** One question: the schema of its arguments, and (as a type only) its answer. */
export interface Request<Args extends z.ZodType, Answer> {
  readonly args: Args;
  /** Never set; carries the type of the answer. */
  readonly answer?: Answer;
}

export interface Event<Payload> {
  /** Never set; carries the type of the payload. */
  readonly payload?: Payload;
}

export function request<Args extends z.ZodType>(args: Args) {
  return { answering: <Answer>(): Request<Args, Answer> => ({ args }) };
}

export const event = <Payload>(): Event<Payload> => ({});

export type Frame =
  | { readonly id: number; readonly ask: string; readonly args: unknown }
  | { readonly id: number; readonly ok: unknown }
  | { readonly id: number; readonly problem: Problem }
  | { readonly event: string; readonly payload: unknown };

/** A two-way pipe of frames: a MessagePort, a WebSocket, a pair in memory. Frames are plain JSON values. */
export interface Channel {
  send(frame: Frame): void;
  onFrame(listen: (frame: unknown) => void): void;
  onClose(listen: () => void): void;
  close(): void;
}
