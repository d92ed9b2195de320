/** Who may use a secret, and when it is gone. */
import { describe, expect, it } from 'vitest';
import { answersAsSecrets, createSecretStore, heldSecrets, SecretNeeded } from '#core/hosts/secrets.ts';

const setup = () => {
  const gone: string[] = [];
  const store = createSecretStore((kind, forWhom) => gone.push(`${kind} ${forWhom}`));
  return { store, gone };
};
const who = ['password', 'root@jump'] as const;

describe('secret store', () => {
  it('shows a secret to others only once a login with it went through', () => {
    const { store } = setup();
    store.put('a', ...who, 'x');
    expect(store.find('a', ...who)).toBe('x');
    expect(store.find('b', ...who)).toBeUndefined();
    expect(store.proved('b', ...who)).toBe(false);
    expect(store.proved('a', ...who)).toBe(true);
    expect(store.proved('a', ...who)).toBe(false);
    expect(store.find('b', ...who)).toBe('x');
  });

  it('keeps it as long as one host uses it', () => {
    const { store, gone } = setup();
    store.put('a', ...who, 'x');
    store.proved('a', ...who);
    store.find('b', ...who);
    store.drop('a');
    expect(gone).toEqual([]);
    store.drop('b');
    expect(gone).toEqual(['password root@jump']);
    expect(store.find('b', ...who)).toBeUndefined();
  });

  it('forgets a refused one for everybody, and all of them at the end', () => {
    const { store, gone } = setup();
    store.put('a', ...who, 'x');
    store.refused(...who);
    store.refused(...who);
    expect(store.find('a', ...who)).toBeUndefined();
    store.put('a', 'passphrase', '~/.ssh/id', 'y');
    store.clear();
    expect(gone).toEqual(['password root@jump', 'passphrase ~/.ssh/id']);
  });
});

describe('secret sources', () => {
  it('without a person: what is held, or a request that says for whom', async () => {
    const { store } = setup();
    const source = heldSecrets(store, 'a', () => 'id-1');
    expect(() => source.take(...who)).toThrow(SecretNeeded);
    try {
      source.take(...who);
    } catch (error) {
      expect((error as SecretNeeded).request).toEqual({
        id: 'id-1',
        kind: 'password',
        forWhom: 'root@jump',
        prompts: [{ text: 'Password of root@jump', echo: false }],
      });
      expect((error as SecretNeeded).problem.code).toBe('secret-needed');
    }
    source.keep(...who, 'x');
    expect(source.take(...who)).toBe('x');
    await expect(source.interact('root@jump', [{ text: 'Code', echo: true }])).rejects.toThrow(SecretNeeded);
  });

  it('with answers given beforehand: in order, once each', async () => {
    const { store } = setup();
    const source = answersAsSecrets(
      ['one', 'two', 'three'],
      () => 'id-1',
      heldSecrets(store, 'a', () => 'id-2'),
    );
    const prompts = [
      { text: 'Code', echo: true },
      { text: 'PIN', echo: false },
    ];
    expect(source.take(...who)).toBe('one');
    expect(await source.interact('root@jump', prompts)).toEqual(['two', 'three']);
    await expect(source.interact('root@jump', prompts)).rejects.toThrow(SecretNeeded);
    expect(() => source.take(...who)).toThrow(SecretNeeded);
  });
});
