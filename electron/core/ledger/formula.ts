/**
 * Formulas of the ledger: `(pages_sharing + ksm_zero_pages) × P`. What is shown is what is computed, as both come from
 * this text. Arithmetic and nothing else: names, numbers, `+ − × ÷` (also `- * /`), parentheses, `min`, `max`.
 */
export interface Formula {
  readonly text: string;
  /** Each once, in the order they appear. */
  readonly names: readonly string[];
  /** A sum or difference at its outermost: to be put in parentheses before anything else is done to it. */
  readonly loose: boolean;
  readonly root: Node;
}

type Node =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'negative'; readonly of: Node }
  | { readonly kind: 'operation'; readonly operator: Operator; readonly left: Node; readonly right: Node }
  | { readonly kind: 'call'; readonly name: 'min' | 'max'; readonly arguments: readonly Node[] };

type Operator = '+' | '−' | '×' | '÷';

interface Token {
  readonly kind: 'number' | 'name' | 'sign' | 'end';
  readonly text: string;
  readonly from: number;
}

const tokenPattern = /\s*(?:(\d+(?:\.\d+)?(?:e[+-]?\d+)?)|([\p{L}_][\p{L}\p{N}_.]*)|([-+−*×/÷(),]))/uy;
const signs: Readonly<Record<string, string>> = { '-': '−', '*': '×', '/': '÷' };

function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  tokenPattern.lastIndex = 0;
  const whole = text.trimEnd();
  while (tokenPattern.lastIndex < whole.length) {
    const at = tokenPattern.lastIndex;
    const found = tokenPattern.exec(whole);
    if (found === null) throw new Error(`“${text}” is no formula: not understood from “${whole.slice(at)}” on`);
    const [, number, name, sign] = found;
    const plain = number ?? name ?? sign ?? '';
    const kind = number !== undefined ? 'number' : name !== undefined ? 'name' : 'sign';
    tokens.push({
      kind,
      text: kind === 'sign' ? (signs[plain] ?? plain) : plain,
      from: tokenPattern.lastIndex - plain.length,
    });
  }
  tokens.push({ kind: 'end', text: '', from: whole.length });
  return tokens;
}

const parsed = new Map<string, Formula>();

/** Throws on a text that is no formula: rules are part of the program. */
export function parseFormula(text: string): Formula {
  const known = parsed.get(text);
  if (known !== undefined) return known;
  const tokens = tokensOf(text);
  const root = new Parser(text, tokens).whole();
  const names = new Set<string>();
  collectNames(root, names);
  const loose = root.kind === 'negative' || (root.kind === 'operation' && '+−'.includes(root.operator));
  const formula = { text, names: [...names], loose, root };
  parsed.set(text, formula);
  return formula;
}

class Parser {
  readonly #text: string;
  readonly #tokens: readonly Token[];
  #next = 0;

  constructor(text: string, tokens: readonly Token[]) {
    this.#text = text;
    this.#tokens = tokens;
  }

  whole(): Node {
    const node = this.#sum();
    if (this.#peek().kind !== 'end') this.#fail();
    return node;
  }

  #peek(): Token {
    return this.#tokens[this.#next] ?? { kind: 'end', text: '', from: this.#text.length };
  }

  #takes(...wanted: readonly string[]): string | undefined {
    const { kind, text } = this.#peek();
    if (kind !== 'sign' || !wanted.includes(text)) return undefined;
    this.#next += 1;
    return text;
  }

  #sum(): Node {
    let left = this.#product();
    for (;;) {
      const operator = this.#takes('+', '−');
      if (operator === undefined) return left;
      left = { kind: 'operation', operator: operator as Operator, left, right: this.#product() };
    }
  }

  #product(): Node {
    let left = this.#factor();
    for (;;) {
      const operator = this.#takes('×', '÷');
      if (operator === undefined) return left;
      left = { kind: 'operation', operator: operator as Operator, left, right: this.#factor() };
    }
  }

  #factor(): Node {
    if (this.#takes('−') !== undefined) return { kind: 'negative', of: this.#factor() };
    if (this.#takes('(') !== undefined) return this.#closed(this.#sum());
    const { kind, text } = this.#peek();
    if (kind !== 'number' && kind !== 'name') return this.#fail();
    this.#next += 1;
    if (kind === 'number') return { kind, value: Number(text) };
    if ((text !== 'min' && text !== 'max') || this.#takes('(') === undefined) return { kind, name: text };
    const several = [this.#sum()];
    while (this.#takes(',') !== undefined) several.push(this.#sum());
    return this.#closed({ kind: 'call', name: text, arguments: several });
  }

  #closed(node: Node): Node {
    return this.#takes(')') === undefined ? this.#fail() : node;
  }

  #fail(): never {
    throw new Error(`“${this.#text}” is no formula: not understood from “${this.#text.slice(this.#peek().from)}” on`);
  }
}

function collectNames(node: Node, into: Set<string>): void {
  if (node.kind === 'name') into.add(node.name);
  else if (node.kind === 'negative') collectNames(node.of, into);
  else if (node.kind === 'call') for (const one of node.arguments) collectNames(one, into);
  else if (node.kind === 'operation') {
    collectNames(node.left, into);
    collectNames(node.right, into);
  }
}

/** undefined where a name has no value, where something is divided by nothing, and beyond what a number can hold. */
export function evaluate({ root }: Formula, valueOf: (name: string) => number | undefined): number | undefined {
  const value = valueAt(root, valueOf);
  return value !== undefined && Number.isFinite(value) ? value : undefined;
}

function valueAt(node: Node, valueOf: (name: string) => number | undefined): number | undefined {
  if (node.kind === 'number') return node.value;
  if (node.kind === 'name') return valueOf(node.name);
  if (node.kind === 'negative') {
    const value = valueAt(node.of, valueOf);
    return value === undefined ? undefined : -value;
  }
  if (node.kind === 'call') {
    const values = node.arguments.map((one) => valueAt(one, valueOf));
    const known = values.filter((value) => value !== undefined);
    return known.length < values.length ? undefined : Math[node.name](...known);
  }
  const left = valueAt(node.left, valueOf);
  const right = valueAt(node.right, valueOf);
  if (left === undefined || right === undefined) return undefined;
  if (node.operator === '+') return left + right;
  if (node.operator === '−') return left - right;
  if (node.operator === '×') return left * right;
  return right === 0 ? undefined : left / right;
}

/** The same formula with something else where its names stand: values, or names that clash with no others. */
export function replaceNames({ text }: Formula, replacement: (name: string) => string): string {
  const tokens = tokensOf(text);
  let written = '';
  let from = 0;
  tokens.forEach((token, index) => {
    if (token.kind !== 'name' || isCall(tokens, index)) return;
    written += text.slice(from, token.from) + replacement(token.text);
    from = token.from + token.text.length;
  });
  return written + text.slice(from);
}

const isCall = (tokens: readonly Token[], index: number): boolean => {
  const text = tokens[index]?.text;
  return (text === 'min' || text === 'max') && tokens[index + 1]?.text === '(';
};
