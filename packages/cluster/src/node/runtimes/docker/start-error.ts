/** The engine's words for why a program did not start, without those of the programs it was passed through. */
export function startErrorOf(message: string): string {
  return message
    .trim()
    .replace(/^.*?unable to start container process: /s, '')
    .replace(/^error during container init: /, '')
    .replace(/^OCI runtime \w+ failed: (?:\w+ failed: )?/, '')
    .replace(/: unknown$/, '')
}

/** What the init of the engine says, alone, of a program that it could not start. */
const initWords = /^\[FATAL tini \(\d+\)\] exec (.+) failed: ([^\n]+)\n$/s
/** The same of the engine's launcher, when the kernel refuses at the last moment. */
const launcherWords = /^exec ([^\n]+): ((?:argument list too long|exec format error)[^\n]*)\n$/
const codes = [1, 126, 127, 255]

/** The same in containerd's words; undefined when it was the program that said something. */
export function lateStartError(code: number, written: string): string | undefined {
  if (!codes.includes(code)) return undefined
  const [, refused, reason] = launcherWords.exec(written) ?? []
  if (refused !== undefined) return `exec ${refused}: ${reason}`
  const [, program, why = ''] = initWords.exec(written) ?? []
  if (program === undefined) return undefined
  const name = `exec: "${program}": `
  if (why !== 'No such file or directory') return name + why.toLowerCase()
  if (!program.includes('/')) return `${name}executable file not found in $PATH`
  return `${name}stat ${program}: no such file or directory`
}
