import type { Kind } from '../kinds.ts'
import type { Printer } from '../parts/table/printer.ts'
import { printerOf } from '../parts/table/printer-of.ts'

const made = new WeakMap<Kind, Map<string, Printer>>()

/** How a kind is shown under one of its versions; made once, for columns may be paths that have to be read. */
export function printerFor(kind: Kind, version: string): Printer {
  const printers = made.get(kind) ?? new Map<string, Printer>()
  made.set(kind, printers)
  const { group, kind: name } = kind.resource
  const printer =
    printers.get(version) ?? printerOf({ group, version, kind: name, definition: kind.definition })
  printers.set(version, printer)
  return printer
}
