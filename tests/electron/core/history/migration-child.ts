/** For faults.slow.test.ts: brings a history up to date, says when it is half way, and stays there until it is ended. */
import { writeSync } from 'node:fs';
import { HistoryStore } from '#core/history/store.ts';
import { settings } from './storm-ticks.ts';

const steps = [
  {
    to: 2,
    run: (db: HistoryStore['db'], progress: (part: number) => void) => {
      db.exec('CREATE TABLE more (value); UPDATE piece SET name = name || name; DELETE FROM raw; DELETE FROM j');
      const add = db.prepare('INSERT INTO more VALUES (zeroblob(4000))');
      for (let row = 0; row < 5000; row++) add.run();
      progress(0.5);
      writeSync(1, 'half way\n');
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
    },
  },
];
new HistoryStore({ file: process.argv[2], settings, migrations: steps });
