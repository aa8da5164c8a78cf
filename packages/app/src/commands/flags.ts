import { type Command, InvalidArgumentError, Option } from 'commander'

/** For options that are given many times. */
export function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value]
}

const phases = ['Pending', 'Running', 'Succeeded', 'Failed', 'Error']

/** Of workflows, with commas. */
export function phaseList(value: string, before: readonly string[]): readonly string[] {
  const wrong = commas(value, []).find((one) => !phases.includes(one))
  if (wrong === undefined) return commas(value, before)
  throw new InvalidArgumentError(`${wrong} is none of ${phases.join(', ')}`)
}

/** For options whose value is a list with commas, given once or many times. */
export function commas(value: string, before: readonly string[]): readonly string[] {
  return [...before, ...value.split(',').filter((one) => one !== '')]
}

export function wholeNumber(text: string): number {
  if (/^-?\d{1,15}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('expected a whole number')
}

/** How many there may be: at least one. */
export function countOf(text: string): number {
  if (/^\d{1,15}$/.test(text) && Number(text) > 0) return Number(text)
  throw new InvalidArgumentError('expected a whole number above 0')
}

/** `-o`, with what it may be. */
export function outputOption(choices: readonly string[]): Option {
  return new Option('-o, --output <format>', 'what to print').choices([...choices])
}

/** `--strict`, which upstream's command line switches off with `--strict=false`. */
export function withStrict(command: Command): Command {
  return command
    .option('--strict', 'refuse unknown fields', true)
    .option('--no-strict', 'take unknown fields as they are (upstream: --strict=false)')
}

/** To run something once more: what changes, what is printed, and what is waited for. */
export function withRerunFlags(command: Command): Command {
  return command
    .option('-p, --parameter <name=value>', 'an argument instead of the old one', collect, [])
    .addOption(outputOption(['name', 'json', 'yaml', 'wide']))
    .option('-w, --wait', 'until the workflow has ended; fails when it does')
    .option('--watch', 'show the workflow until it has ended')
    .option('--log', 'show what its steps write until it has ended')
}

/** Which workflows: by labels and fields. */
export function withSelectors(command: Command): Command {
  return command
    .option('-l, --selector <labels>', 'those with these labels, as a=b,c!=d')
    .option('--field-selector <fields>', 'those with these fields, as metadata.name=x')
}
