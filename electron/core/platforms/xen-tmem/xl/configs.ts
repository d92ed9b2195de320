/**
 * What a domain was promised and told to use: `xl list -l` (JSON, or the few lines of it the agent lets through) and
 * `xenstore-ls /local/domain/N/memory`. Read line by line: the whole holds passwords, and nobody needs its shape.
 */
import type { CommandText, Evidence } from '../../platform.ts';
import { parseInteger } from '../../kernel/integer.ts';
import type { Figure } from './domains.ts';

export interface Config {
  readonly uuid?: string;
  /** The most it may ever have: `maxmem` of its configuration. */
  readonly max?: Figure;
  /** What the toolstack told its balloon; a guest that balloons itself does not move it. */
  readonly target?: Figure;
}

interface Draft {
  uuid?: string;
  max?: Figure;
  target?: Figure;
}

const jsonLine = /^\s*"(domid|uuid|max_memkb|target_memkb)": (?:"([^"]{1,64})"|(\d{1,15})),?\s*$/;
const storeCommand = /\bxenstore-ls (?:-f )?\/local\/domain\/(\d{1,9})\/memory\b/;
const storeLine = /^\s*(static-max|target) = "(\d{1,15})"$/;
const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const kib = 1024;

export function readConfigs(evidence: Evidence): ReadonlyMap<number, Config> {
  const drafts = new Map<number, Draft>();
  const draft = (domid: number): Draft => {
    const known = drafts.get(domid) ?? {};
    drafts.set(domid, known);
    return known;
  };
  const answers = [...evidence.commands.values()].sort((a, b) => a.at - b.at || a.line - b.line);
  for (const answer of answers) {
    const stored = storeCommand.exec(answer.command)?.[1];
    if (stored !== undefined) readStore(answer, draft(Number(stored)));
    else if (answer.text.includes('"max_memkb"')) readJson(answer, draft);
  }
  return drafts;
}

function readJson(answer: CommandText, draft: (domid: number) => Draft): void {
  const lines = answer.text.split('\n');
  let domain: Draft | undefined;
  let named = false;
  for (let i = 0; i < lines.length; i++) {
    const [, name, text, number] = jsonLine.exec(lines[i] ?? '') ?? [];
    if (name === 'domid' && number !== undefined) {
      domain = draft(Number(number));
      named = false;
    } else if (name === 'uuid' && domain && !named && text !== undefined && uuid.test(text)) {
      // Devices have uuids of their own, further down.
      domain.uuid = text;
      named = true;
    } else if (domain && number !== undefined) {
      const said = figure(answer, i, number);
      if (name === 'max_memkb') domain.max = said;
      if (name === 'target_memkb') domain.target = said;
    }
  }
}

function readStore(answer: CommandText, domain: Draft): void {
  const lines = answer.text.split('\n');
  for (let i = 0; i < lines.length; i++) {
    const [, name, number] = storeLine.exec(lines[i] ?? '') ?? [];
    if (number === undefined) continue;
    if (name === 'static-max') domain.max = figure(answer, i, number);
    else domain.target = figure(answer, i, number);
  }
}

const figure = ({ command, line, at }: CommandText, offset: number, kibibytes: string): Figure => ({
  bytes: (parseInteger(kibibytes) ?? 0) * kib,
  line: line + offset,
  source: command,
  at,
});
