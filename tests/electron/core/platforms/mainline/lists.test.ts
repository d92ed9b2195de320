/** The lists of the platform: catalogue, files, commands. What they may never contain, and that the shells take them. */
import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { parseDump } from '#core/platforms/kernel/dump.ts';
import { mainline } from '#core/platforms/mainline/index.ts';
import { listRecordings, readRecording } from '../../../../support/recordings.ts';

describe('catalogue', () => {
  test('ids are unique and every entry is told in a sentence', () => {
    const ids = mainline.catalogue.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { id, help, title } of mainline.catalogue) {
      expect(help, id).toMatch(/^[^!]{10,}\.$/);
      expect(title, id).not.toBe('');
    }
  });

  test('what is available is told once: by the kernel, or as an estimate', () => {
    const told = listRecordings().map((recording) => {
      const ids = new Set(mainline.read(parseDump(readRecording(recording))).values.map(({ metric }) => metric));
      return [recording.name, ids.has('meminfo.MemAvailable'), ids.has('mainline.available')] as const;
    });
    expect(told.filter(([, kernel, estimate]) => kernel && estimate)).toEqual([]);
    expect(told.filter(([name, , estimate]) => estimate && name.startsWith('linux-3.10')).length).toBeGreaterThan(20);
  });
  test('a signal has one metric for the host, and at most one for a guest', () => {
    for (const instance of ['host', 'guest'] as const) {
      const signals = mainline.catalogue
        // The estimate stands in for MemAvailable where the kernel has none; never beside it, see below.
        .filter((def) => def.instance === instance && def.id !== 'mainline.available')
        .flatMap(({ signal }) => signal ?? []);
      expect(new Set(signals).size, instance).toBe(signals.length);
    }
  });
  test('text and settings are not charted', () => {
    expect(
      mainline.catalogue.filter(({ charted, kind, unit }) => charted && (kind === 'setting' || unit === 'text')),
    ).toEqual([]);
  });
});

describe('files', () => {
  const paths = mainline.sets.flatMap((set) =>
    set.kind === 'files' ? set.files : set.dirs.flatMap((dir) => set.leaves.map((leaf) => `${dir}/${leaf}`)),
  );
  test('are absolute, and a glob never names the file itself', () => {
    for (const path of paths) {
      expect(path).toMatch(/^\/(?:proc|sys|etc)\/[^\s"'`$;|&<>\\]+$/);
      expect(path.split('/').at(-1)).not.toMatch(/[*?[]/);
      expect(path).not.toContain('..');
    }
    expect(paths.length).toBeGreaterThan(100);
  });
  test('leave alone what reading changes, and what cannot be read', () => {
    for (const path of paths)
      expect(path).not.toMatch(/zram-control|hot_add|mem_limit$|memory\.reclaim|block_state|cgroup\.kill/);
  });
});

describe('commands', () => {
  test('are read-only: nothing is written, removed or sent', () => {
    for (const { name, script } of mainline.commands) {
      const bare = script.replaceAll('2>/dev/null', '');
      expect(bare, name).not.toMatch(/(?:^|[^<])>(?!=)|\b(?:rm|mv|cp|tee|dd|kill|curl|wget|eval|sudo)\b/);
    }
  });
  test('the words shown are plain', () => {
    for (const { shown } of mainline.commands) expect(shown).toMatch(/^[A-Za-z0-9 .,;:*/()_-]+$/);
  });
  test.each(['sh', 'bash', 'dash'])('%s can parse them', (shell) => {
    for (const { script } of mainline.commands) execFileSync(shell, ['-n'], { input: script });
  });
  test('qemu-status works on this machine, whatever runs here', () => {
    const script = mainline.commands.find(({ name }) => name === 'qemu-status')?.script ?? '';
    const said = execFileSync('sh', ['-s'], { input: script, encoding: 'utf8' });
    for (const line of said.split('\n').filter((one) => one !== ''))
      expect(line).toMatch(/^\/proc\/\d+\/(?:status|cgroup):/);
  });
});

describe('knobs', () => {
  const knobs = mainline.knobs ?? [];
  const agentKnobs = mainline.planner?.agentKnobs ?? [];
  test('each declared one is written by the agent under its own name, and the agent takes the whole list', () => {
    const names = new Set(agentKnobs.map(({ name }) => name));
    for (const { id } of knobs) expect(names, id).toContain(id);
    expect(names.size).toBe(agentKnobs.length);
    for (const name of names) expect(name).toMatch(/^[a-z][A-Za-z0-9._-]{0,62}$/);
    expect(new Set(knobs.map(({ id }) => id)).size).toBe(knobs.length);
  });
  test('what reads one back is in the catalogue, and each is told in sentences', () => {
    const metrics = new Set(mainline.catalogue.map(({ id }) => id));
    for (const { id, readBy, help, traps } of knobs) {
      if (readBy !== undefined) expect(metrics, id).toContain(readBy);
      for (const sentence of [help, ...traps]) expect(sentence, id).toMatch(/^[^!]{5,}\.$/);
    }
  });
  test('a file that is written is read as well, so that a plan sees what is there', () => {
    const read = new Set(
      mainline.sets.flatMap((set) =>
        set.kind === 'files' ? set.files : set.dirs.flatMap((dir) => set.leaves.map((leaf) => `${dir}/${leaf}`)),
      ),
    );
    for (const knob of agentKnobs) if (knob.kind === 'file') expect(read, knob.name).toContain(knob.path);
  });
  test('every wish has a verb and is told in two sentences', () => {
    for (const { id, title, about, wizard } of mainline.planner?.wishes ?? []) {
      expect(title, id).toMatch(/^[A-Z][^.!]+$/);
      if (wizard !== 'knob') expect(about.match(/[.] |[.]$/g)?.length, id).toBe(2);
    }
  });
});
