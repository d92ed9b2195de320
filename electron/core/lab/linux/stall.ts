/**
 * Pressure (PSI) of one group or of the host: totals in microseconds, and the kernel's exponential averages over 10, 60
 * and 300 seconds. It is told once a second how much of that second was lost.
 */
const decay10 = Math.exp(-1 / 10);
const decay60 = Math.exp(-1 / 60);
const decay300 = Math.exp(-1 / 300);

export class Stall {
  some10 = 0;
  some60 = 0;
  some300 = 0;
  someTotal = 0;
  full10 = 0;
  full60 = 0;
  full300 = 0;
  fullTotal = 0;

  /** @param some part of the second in which somebody waited, 0…1 @param full in which nobody got on, at most `some` */
  second(some: number, full: number): void {
    this.some10 += (some * 100 - this.some10) * (1 - decay10);
    this.some60 += (some * 100 - this.some60) * (1 - decay60);
    this.some300 += (some * 100 - this.some300) * (1 - decay300);
    this.someTotal += some * 1e6;
    this.full10 += (full * 100 - this.full10) * (1 - decay10);
    this.full60 += (full * 100 - this.full60) * (1 - decay60);
    this.full300 += (full * 100 - this.full300) * (1 - decay300);
    this.fullTotal += full * 1e6;
  }

  /** As memory.pressure prints it. */
  text(): string {
    return (
      line('some', this.some10, this.some60, this.some300, this.someTotal) +
      line('full', this.full10, this.full60, this.full300, this.fullTotal)
    );
  }
}

const line = (name: string, ten: number, sixty: number, threeHundred: number, total: number): string =>
  `${name} avg10=${ten.toFixed(2)} avg60=${sixty.toFixed(2)} avg300=${threeHundred.toFixed(2)} total=${String(Math.floor(total))}\n`;
