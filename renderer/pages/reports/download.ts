/** A file of a report as the core sends it, and as the browser keeps it. */
export interface SentFile {
  readonly name: string;
  readonly type: string;
  readonly base64: string;
}

export function blobOf({ type, base64 }: SentFile): Blob {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return new Blob([bytes], { type });
}
