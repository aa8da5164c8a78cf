/** Awaits somebody who begins to listen; when the address cannot be had, the error names the flag that chooses another. */
export async function atPort<T>(flag: string, work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    const { code, address, hostname, port } = refusalIn(error)
    const why = words[code ?? '']
    if (why === undefined) throw error
    const at = isPort(code) && port !== undefined ? `${address}:${port}` : (address ?? hostname)
    throw new Error(`${at} ${why} (${isPort(code) ? flag : '--host'})`, { cause: error })
  }
}

/** Whether another port would help; else it takes another address. */
function isPort(code: string | undefined): boolean {
  return code === 'EADDRINUSE' || code === 'EACCES'
}

interface Refusal {
  readonly code?: string
  readonly address?: string
  /** Of what could not be found. */
  readonly hostname?: string
  readonly port?: number
}

function refusalIn(error: unknown): Refusal {
  if (!(error instanceof Error)) return {}
  return 'code' in error ? (error as Refusal) : refusalIn(error.cause)
}

const words: Readonly<Record<string, string>> = {
  EADDRINUSE: 'is in use by another program: stop it, or choose another port',
  EACCES: 'is not for this user to listen at: choose a port above 1023',
  EADDRNOTAVAIL: 'is no address of this machine: choose another one',
  ENOTFOUND: 'is no name of this machine: choose another address',
  EAI_AGAIN: 'is no name of this machine: choose another address',
}
