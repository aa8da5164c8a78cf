import type { ContainerSpec, Exit } from './runtime.ts'

/** What Linux takes in one argument or one variable, its last byte included: MAX_ARG_STRLEN. */
const mostBytes = 128 * 1024
/** Less than that is no reason for a program not to start. */
const suspicious = 1024 * 1024

/**
 * What of a program’s arguments and variables no program can be started with, in words; undefined where there is nothing.
 * The kernel says only that there is something.
 */
export function tooLong({ argv, env }: Pick<ContainerSpec, 'argv' | 'env'>): string | undefined {
  if (charactersOf(argv) + charactersOf(Object.entries(env).flat()) < mostBytes / 3)
    return undefined
  const long = argv.findIndex((text) => bytesOf(text) >= mostBytes)
  if (long >= 0) {
    const what = long === 0 ? 'the program' : `argument ${long}`
    return `${what} has ${bytesOf(argv[long] ?? '')} bytes, ${limit}`
  }
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`)
  const big = variables.find((text) => bytesOf(text) >= mostBytes)
  if (big !== undefined) {
    const name = big.slice(0, big.indexOf('='))
    return `the variable ${name} has ${bytesOf(big)} bytes, ${limit}`
  }
  const all = [...argv, ...variables].reduce((sum, text) => sum + bytesOf(text) + 1, 0)
  return all > suspicious ? `all arguments and variables together have ${all} bytes` : undefined
}

const limit = `one may have ${mostBytes - 1}: hand it over as an artifact or in a file`

function charactersOf(texts: readonly string[]): number {
  return texts.reduce((sum, { length }) => sum + length, 0)
}

function bytesOf(text: string): number {
  return Buffer.byteLength(text)
}

/** Says what was too long of a program that could not be started for that. */
export function blamed(exit: Exit, culprit: string | undefined): Exit {
  const { startError } = exit
  if (culprit === undefined || startError === undefined || !/too long/i.test(startError))
    return exit
  return { ...exit, startError: `${startError}: ${culprit}` }
}
