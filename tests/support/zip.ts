/** Reads the entries of a zip file: workbooks are zips. Only what writers here produce: stored and deflated entries. */
import { inflateRawSync } from 'node:zlib';

export function unzip(bytes: Uint8Array): ReadonlyMap<string, string> {
  const zip = Buffer.from(bytes);
  const end = zip.lastIndexOf(Buffer.from('PK\u0005\u0006', 'latin1'));
  const entries = new Map<string, string>();
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left--) {
    const [method, size] = [zip.readUInt16LE(at + 10), zip.readUInt32LE(at + 20)];
    const [name, extra, comment] = [28, 30, 32].map((offset) => zip.readUInt16LE(at + offset)) as [
      number,
      number,
      number,
    ];
    const local = zip.readUInt32LE(at + 42);
    const data = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    const content = zip.subarray(data, data + size);
    entries.set(
      zip.toString('utf8', at + 46, at + 46 + name),
      (method === 0 ? content : inflateRawSync(content)).toString('utf8'),
    );
    at += 46 + name + extra + comment;
  }
  return entries;
}

const entities: { readonly [name: string]: string } = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const plain = (xml: string): string =>
  xml.replace(/&(#x?[0-9a-f]+|\w+);/gi, (all, name: string) =>
    name.startsWith('#')
      ? String.fromCodePoint(name[1] === 'x' ? parseInt(name.slice(2), 16) : Number(name.slice(1)))
      : (entities[name] ?? all),
  );

/** Sheets of a workbook by their names, as rows of what is in the cells: numbers as numbers, texts as texts. */
export function workbook(bytes: Uint8Array): ReadonlyMap<string, (string | number | undefined)[][]> {
  const entries = unzip(bytes);
  const shared = [...(entries.get('xl/sharedStrings.xml') ?? '').matchAll(/<si>(.*?)<\/si>/gs)].map(([, of = '']) =>
    [...of.matchAll(/<t[^>]*>(.*?)<\/t>/gs)].map(([, text = '']) => plain(text)).join(''),
  );
  const names = [...(entries.get('xl/workbook.xml') ?? '').matchAll(/<sheet [^>]*name="([^"]*)"/g)].map(
    ([, name = '']) => plain(name),
  );
  return new Map(
    names.map((name, index) => [name, rowsOf(entries.get(`xl/worksheets/sheet${index + 1}.xml`) ?? '', shared)]),
  );
}

function rowsOf(xml: string, shared: readonly string[]): (string | number | undefined)[][] {
  return [...xml.matchAll(/<row [^>]*?(?:\/>|>(.*?)<\/row>)/gs)].map(([, row = '']) => {
    const cells: (string | number | undefined)[] = [];
    for (const [, attributes = '', content = ''] of row.matchAll(/<c ([^>]*?)(?:\/>|>(.*?)<\/c>)/gs)) {
      const column = /r="([A-Z]+)/.exec(attributes)?.[1] ?? 'A';
      const index = [...column].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
      const value = /<v>(.*?)<\/v>/s.exec(content)?.[1];
      const inline = /<t[^>]*>(.*?)<\/t>/s.exec(content)?.[1];
      if (/t="s"/.test(attributes)) cells[index] = shared[Number(value)];
      else if (inline !== undefined) cells[index] = plain(inline);
      else if (value !== undefined) cells[index] = Number(value);
    }
    return cells;
  });
}
