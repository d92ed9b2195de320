/**
 * `npm run bench`: measures the console beside what else could do its work, in the same run, and prints one table with
 * the budgets. A figure over its budget is printed so and fails nothing; what could not be measured does.
 */
import { parseArgs } from 'node:util';
import { bench, measurements } from '../tests/bench/bench.ts';

const usage = `node scripts/bench.ts [--quick] [--only NAME]… [--json FILE]

  --quick      fewer hosts and rounds, about two minutes in all
  --only NAME  one of: ${measurements.map(({ name }) => name).join(', ')}
  --json FILE  write the figures there as well
`;

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        quick: { type: 'boolean', default: false },
        only: { type: 'string', multiple: true, default: [] },
        json: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    });
    const unknown = values.only.find((name) => measurements.every((one) => one.name !== name));
    return unknown === undefined ? values : `There is no measurement ${unknown}.`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

const options = readOptions();
if (typeof options === 'string' || options.help) {
  console.log(typeof options === 'string' ? `${options}\n\n${usage}` : usage);
  process.exit(typeof options === 'string' ? 2 : 0);
}
process.exit(await bench({ quick: options.quick, only: options.only, jsonFile: options.json }));
