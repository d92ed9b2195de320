/** happy-dom lays nothing out: every element is given the size a table would have on a screen. */
import { vi } from 'vitest';

export function givenScreen(): void {
  for (const height of ['clientHeight', 'offsetHeight'] as const)
    vi.spyOn(HTMLElement.prototype, height, 'get').mockReturnValue(640);
  for (const width of ['clientWidth', 'offsetWidth'] as const)
    vi.spyOn(HTMLElement.prototype, width, 'get').mockReturnValue(800);
  vi.spyOn(HTMLElement.prototype, 'scrollHeight', 'get').mockReturnValue(10_001 * 32);
}
