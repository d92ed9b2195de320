/** Reads back from a packed binary which of Electron's switches are set, and compares with what we seal. */
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses';

/** What electron-builder.yml asks for; a switch that Electron adds later is left as Electron ships it. */
const sealed = {
  RunAsNode: false,
  EnableCookieEncryption: true,
  EnableNodeOptionsEnvironmentVariable: false,
  EnableNodeCliInspectArguments: false,
  EnableEmbeddedAsarIntegrityValidation: true,
  OnlyLoadAppFromAsar: true,
  GrantFileProtocolExtraPrivileges: false,
} as const;

/** In the binary a switch is the character 0 or 1. */
const wireValue = (on: boolean): number => (on ? '1' : '0').charCodeAt(0);

/** @returns the names of the switches that do not stand as sealed; empty when all do. */
export async function looseFuses(binary: string): Promise<readonly string[]> {
  const wire = await getCurrentFuseWire(binary);
  return (Object.keys(sealed) as (keyof typeof sealed)[]).filter((name) => {
    const found: unknown = wire[FuseV1Options[name]];
    return found !== wireValue(sealed[name]);
  });
}
