/** Names of control groups and guests: text of the host, made fit to show. */

const longestName = 200;

/** systemd writes `-` and other characters of a unit's name as `\x2d`; bytes above 7f are UTF-8 and come in a row. */
export function decodeUnitName(name: string): string {
  return name.replace(/(?:\\x[0-9a-f]{2})+/gi, (escaped) => {
    const octets = escaped.match(/[0-9a-f]{2}/gi)?.map((digits) => parseInt(digits, 16)) ?? [];
    return octets.every((octet) => octet < 0x80) ? String.fromCharCode(...octets) : decodeUtf8(octets);
  });
}

function decodeUtf8(octets: readonly number[]): string {
  try {
    return decodeURIComponent(octets.map((octet) => `%${octet.toString(16).padStart(2, '0')}`).join(''));
  } catch {
    return '\uFFFD';
  }
}

/** At most 200 characters, no control and no direction-changing characters. What remains is still only text. */
export function showableName(name: string): string {
  const clean = name
    .slice(0, longestName * 2)
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, '\uFFFD')
    .trim();
  const characters = [...clean];
  return characters.length > longestName ? `${characters.slice(0, longestName - 1).join('')}…` : clean;
}
