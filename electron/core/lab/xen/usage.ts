/** xl's own usage texts of the commands the lab answers, word for word. */
const usages: Readonly<Record<string, string>> = {
  'tmem-list': `Usage: xl [-v] tmem-list [-l] [<Domain>|-a]

List tmem pools.

Options:

  -l                             List tmem stats
`,
  'tmem-set': `Usage: xl [-vf] tmem-set [<Domain>|-a] [-w[=WEIGHT]|-c[=CAP]|-p[=COMPRESS]]

Change tmem settings.

Options:

  -a                             Operate on all tmem
  -w WEIGHT                      Weight (int)
  -c CAP                         Cap (int)
  -p COMPRESS                    Compress (int)
`,
  'tmem-shared-auth': `Usage: xl [-vf] tmem-shared-auth [<Domain>|-a] [-u[=UUID] [-A[=AUTH]

De/authenticate shared tmem pool.

Options:

  -a                             Authenticate for all tmem pools
  -u UUID                        Specify uuid
                                 (abcdef01-2345-6789-1234-567890abcdef)
  -A AUTH                        0=auth,1=deauth
`,
  'tmem-freeze': `Usage: xl [-vf] tmem-freeze [<Domain>|-a]

Freeze tmem pools.

`,
  'tmem-thaw': `Usage: xl [-vf] tmem-thaw [<Domain>|-a]

Thaw tmem pools.

`,
  'tmem-freeable': `Usage: xl [-v] tmem-freeable

Get information about how much freeable memory (MB) is in-use by tmem.

`,
  list: `Usage: xl [-v] list [options] [Domain]

List information about all/some domains.

Options:

  -l, --long              Output all VM details
  -v, --verbose           Prints out UUIDs and security context
  -Z, --context           Prints out security context
`,
  info: `Usage: xl [-v] info

Get information about Xen host.

`,
  'mem-set': `Usage: xl [-vf] mem-set <Domain> <MemMB['b'[bytes]|'k'[KB]|'m'[MB]|'g'[GB]|'t'[TB]]>

Set the current memory usage for a domain.

`,
  'mem-max': `Usage: xl [-vf] mem-max <Domain> <Mem>

Set the maximum amount reservation for a domain.

`,
  claims: `Usage: xl [-v] claims

List outstanding claim information about all domains.

`,
  dmesg: `Usage: xl [-v] dmesg [-c]

Read and/or clear dmesg buffer.

Options:

  -c                        Clear dmesg buffer as well as printing it
`,
  destroy: `Usage: xl [-vf] destroy <Domain>

Terminate a domain immediately.

`,
};

export const helped = Object.keys(usages);

/** From 4.8 on there is no cap; from 4.9 on the help tells the right way round what -A means. */
export function usage(command: string, minor: number): string {
  const text = usages[command] ?? '';
  if (minor < 8) return text;
  return text.replace('  -c CAP                         Cap (int)\n', '').replace('0=auth,1=deauth', '0=deauth,1=auth');
}
