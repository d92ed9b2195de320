/**
 * What the charts of one page share: the moment under the crosshair and the span that was zoomed to.
 * A page provides one; charts inject it; a chart on its own makes its own.
 */
import { inject, provide, shallowRef, type InjectionKey, type ShallowRef } from 'vue';

export interface TimeSpan {
  readonly from: number;
  readonly to: number;
}

export interface TimeView {
  readonly crosshair: ShallowRef<number | undefined>;
  readonly zoom: ShallowRef<TimeSpan | undefined>;
}

const key: InjectionKey<TimeView> = Symbol('time view');

const newTimeView = (): TimeView => ({ crosshair: shallowRef(), zoom: shallowRef() });

export function provideTimeView(): TimeView {
  const view = newTimeView();
  provide(key, view);
  return view;
}

export const useTimeView = (): TimeView => inject(key, newTimeView, true);
